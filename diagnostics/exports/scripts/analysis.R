# Reproduces the truth table and the solutions of one analysis of an uploaded matrix.
# Run in this folder:  Rscript analysis.R
# It reads calibrated.csv of the folder above, parameters.R, and what is expected from expected/.

source("common.R")
source("parameters.R")

written <- function(terms) paste(sort(gsub(" ", "", terms), method = "radix"), collapse = " + ")

models_of <- function(solution) {
    if (is.null(solution)) {
        return(character(0))
    }
    found <- solution$solution
    if (!is.null(solution$i.sol)) {
        found <- unlist(lapply(solution$i.sol, function(pair) pair$solution), recursive = FALSE)
    }
    sort(unique(vapply(found, written, "")), method = "radix")
}

solve <- function(table, ...) {
    tryCatch(minimize(table, method = "QMC", details = TRUE, ...), error = function(e) NULL)
}

sets <- read_table("..", "calibrated.csv")
table <- truthTable(sets, outcome = parameters$explained, conditions = parameters$conditions,
                    incl.cut = parameters$incl.cut, pri.cut = parameters$pri.cut,
                    n.cut = parameters$n.cut, complete = TRUE)
table$tt$OUT[parameters$excluded] <- "0"

expected <- read_table("expected", "truth-table.csv")
rows <- table$tt[as.character(expected$row), ]
compare("truth table, cases", as.numeric(rows$n), expected$n)
compare("truth table, codes", as.character(rows$OUT), as.character(expected$output))

models <- read_table("expected", "solutions.csv")
solutions <- list(
    conservative = solve(table),
    parsimonious = solve(table, include = "?"),
    intermediate = solve(table, include = "?", dir.exp = parameters$expectations)
)
for (kind in names(solutions)) {
    lines <- models[models$solution == kind, ]
    compare(paste(kind, "models"), models_of(solutions[[kind]]), sort(lines$model, method = "radix"))
}
finish()
