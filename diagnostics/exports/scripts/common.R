# What both scripts share: reading the exported tables and comparing figures.
# R's QCA package (Dusa) does the calibration, the truth tables and the minimisation.

suppressMessages(library(QCA))

# Figures are stored with six decimals; memberships at a row's border may differ by as much.
TOLERANCE <- 1e-5

problems <- character(0)

read_table <- function(...) {
    read.csv(file.path(...), fileEncoding = "UTF-8-BOM", check.names = FALSE,
             stringsAsFactors = FALSE, na.strings = "")
}

# Note a problem unless two vectors of numbers or texts are the same.
compare <- function(what, found, expected) {
    same <- length(found) == length(expected) && identical(is.na(found), is.na(expected))
    if (same && is.numeric(expected)) {
        same <- all(abs(found - expected) <= TOLERANCE, na.rm = TRUE)
    } else if (same) {
        same <- all(found == expected, na.rm = TRUE)
    }
    cat(if (same) "  same      " else "  DIFFERENT ", what, "\n", sep = "")
    if (!same) {
        problems <<- c(problems, what)
    }
}

# Anchors are full out, crossover, full in, in points of the scale.
membership <- function(scores, anchors, idm) {
    calibrate(scores, type = "fuzzy", method = "direct", logistic = TRUE, idm = idm,
              thresholds = c(e = anchors[1], c = anchors[2], i = anchors[3]))
}

# Membership in a pattern's conditions: 1 present, 0 absent; a column a condition.
required <- function(memberships, pattern) {
    sapply(names(pattern), function(name) {
        if (pattern[[name]] == 1) memberships[[name]] else 1 - memberships[[name]]
    })
}

finish <- function() {
    if (length(problems) > 0) {
        cat("\nNot reproduced:", paste(problems, collapse = "; "), "\n")
        quit(status = 1)
    }
    cat("\nEverything is reproduced.\n")
}
