# What the scripts share: reading the exported tables and comparing figures.
# R's QCA package (Dusa) does the calibration, the truth tables and the minimisation.

suppressMessages(library(QCA))

# Figures are stored with six decimals; memberships at a row's border may differ by as much.
TOLERANCE <- 1e-5

problems <- character(0)

# A table as texts, which nothing turns into numbers or times. The bytes are read as UTF-8 whatever
# the locale: in C, R would lose every letter that is not English.
read_table <- function(...) {
    path <- file.path(...)
    bytes <- readBin(path, "raw", file.size(path))
    if (identical(bytes[1:3], as.raw(c(0xef, 0xbb, 0xbf)))) {
        bytes <- bytes[-(1:3)]
    }
    text <- rawToChar(bytes)
    Encoding(text) <- "UTF-8"
    read.csv(text = text, check.names = FALSE, colClasses = "character", na.strings = "")
}

# Texts as numbers; what is neither blank nor a number is infinite, which no figure is.
numbers <- function(texts) {
    values <- suppressWarnings(as.numeric(texts))
    values[is.na(values) & !is.na(texts)] <- Inf
    values
}

are_same <- function(found, expected) {
    if (length(found) != length(expected) || !identical(is.na(found), is.na(expected))) {
        return(FALSE)
    }
    if (is.numeric(expected)) {
        return(all(abs(found - expected) <= TOLERANCE, na.rm = TRUE))
    }
    all(found == expected, na.rm = TRUE)
}

# Note a problem unless two vectors of numbers or texts are the same.
compare <- function(what, found, expected) {
    same <- are_same(unname(found), unname(expected))
    cat(if (same) "  same      " else "  DIFFERENT ", what, "\n", sep = "")
    if (!same) {
        problems <<- c(problems, what)
    }
}

# Compare columns of figures, row by row, with a table's columns of the same names.
compare_figures <- function(what, found, expected) {
    for (column in names(found)) {
        compare(paste0(what, ", ", column), as.numeric(found[[column]]), numbers(expected[[column]]))
    }
}

# Say what cannot be compared, or not with R's own figure, and why.
remark <- function(...) cat("  (", paste(...), ")\n", sep = "")

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
