# Reproduces the truth table, the solutions and the necessity of one analysis of an uploaded matrix.
# Run in this folder:  Rscript analysis.R
# It reads calibrated.csv of the folder above, cases.csv, parameters.R, and what is expected from
# expected/.

source("common.R")
source("truth_tables.R")
source("solutions.R")
source("parameters.R")

cases <- read_table("cases.csv")
calibrated <- read_table("..", "calibrated.csv")
sets <- as.data.frame(sapply(calibrated, numbers))
compare("columns of sets", names(calibrated), c(parameters$conditions, parameters$outcome))
compare("columns of cases", names(cases), names(calibrated))
is_complete <- complete.cases(cases)

# What was uploaded as memberships must be the sets; what was calibrated directly is so again.
for (place in seq_along(cases)) {
    values <- numbers(cases[is_complete, place])
    name <- paste("calibration of column", place)
    rule <- parameters$calibration[[place]]
    if (identical(rule$method, "memberships")) {
        compare(name, values, sets[[place]])
    } else if (identical(rule$method, "direct")) {
        compare(name, membership(values, rule$anchors, parameters$idm), sets[[place]])
    } else {
        remark(name, "is not repeated: its method is", rule$method)
    }
}

check_analysis("the analysis", sets, sum(!is_complete), parameters,
               function(part) read_table("expected", paste0(part, ".csv")))
finish()
