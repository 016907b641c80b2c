# Reproduces the point verdict of every unit from its released scores.
# Run in this folder:  Rscript verdicts.R
# It reads scores.csv and verdicts.csv of the folder above, parameters.R and expected-verdicts.csv.
# Stability, which decides between clear, leaning and not clear, rests on redraws of answers and is
# not repeated.

source("common.R")
source("parameters.R")

# Order by leximin: the lowest required membership decides, then the next; shorter ones count 1.
leximin <- function(sets, patterns) {
    width <- length(parameters$elements)
    keys <- t(sapply(patterns, function(pattern) {
        held <- sort(required(sets, pattern), method = "radix")
        round(c(held, rep(1, width - length(held))), 9)
    }))
    keys[do.call(order, c(unname(as.data.frame(-keys)), list(seq_along(patterns)))), , drop = FALSE]
}

verdict_of <- function(sets, patterns) {
    keys <- leximin(sets, patterns)
    leading <- rownames(keys)[1]
    best <- keys[1, 1]
    gap <- Inf
    if (nrow(keys) > 1) {
        differences <- keys[1, ] - keys[2, ]
        differing <- which(abs(differences) > parameters$rounding)
        gap <- if (length(differing)) differences[differing[1]] else 0
    }
    shared <- Filter(function(name) all(sapply(patterns, function(pattern) {
        identical(pattern[[name]], patterns[[1]][[name]]) && !is.null(pattern[[name]])
    })), setdiff(parameters$elements, parameters$never_first))
    held <- Filter(function(name) identical(patterns[[leading]][[name]], 1) &&
                       sets[[name]] <= best + parameters$rounding, shared)
    kind <- "by stability"
    if (gap < parameters$gap - parameters$rounding) kind <- "between"
    if (best < parameters$inside - parameters$rounding) {
        kind <- if (length(held)) "element first" else "none yet"
    }
    list(kind = kind, leading = leading, membership = unname(best))
}

labels <- c("both", "operations", "sales")  # by the code of the function: 0, 1, 2
scored <- read_table("..", "scores.csv")
expected <- read_table("expected-verdicts.csv")
pair_of <- function(table) paste(table$unit, labels[numbers(table$"function") + 1])

# Each unit of which verdicts.csv tells a verdict must be expected, once, and have all scores here.
places <- match(pair_of(expected), pair_of(scored))
compare("units with a verdict", sort(pair_of(expected), method = "radix"),
        sort(pair_of(read_table("..", "verdicts.csv")), method = "radix"))

for (place in seq_len(nrow(expected))) {
    line <- expected[place, ]
    name <- pair_of(line)
    scores <- lapply(parameters$elements, function(element) {
        numbers(scored[[element]][places[place]])
    })
    names(scores) <- parameters$elements
    if (anyNA(unlist(scores))) {
        compare(paste(name, "scores"), "expected", "none")
        next
    }
    sets <- lapply(parameters$elements, function(element) {
        membership(scores[[element]], parameters$anchors[[element]], parameters$idm)
    })
    names(sets) <- parameters$elements
    found <- verdict_of(sets, parameters$patterns[[labels[numbers(line$"function") + 1]]])
    compare(paste(name, "verdict"), c(found$kind, found$leading), c(line$kind, line$leading))
    compare(paste(name, "membership"), found$membership, numbers(line$membership))
}
finish()
