# Reproduces the point verdict of every unit from the released item means.
# Run in this folder:  Rscript verdicts.R
# It reads items.csv and verdicts.csv of the folder above, parameters.R and expected-verdicts.csv.
# Stability, which decides between clear, leaning and not clear, rests on redraws of answers and is
# not repeated.

source("common.R")
source("parameters.R")

# Scores of one unit from its item means, reversed items turned; none where they are too few of
# those that a function is asked, or of both functions together each of them.
scores_of <- function(items, label) {
    sapply(parameters$scales, function(asked) {
        parts <- if (label == "both") asked else asked[label]
        chosen <- items[items$item %in% unlist(lapply(parts, function(one) one$items)), ]
        turned <- ifelse(chosen$item %in% parameters$reversed,
                         parameters$points + 1 - chosen$mean, chosen$mean)
        enough <- sapply(parts, function(one) sum(chosen$item %in% one$items) >= one$needed)
        if (any(enough)) mean(turned) else NA
    })
}

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
items <- read_table("..", "items.csv")
items$mean <- numbers(items$mean)
# The unit itself, sets of ten and more.
items <- items[numbers(items$group) %in% 1 & numbers(items$plan) %in% 2, ]
expected <- read_table("expected-verdicts.csv")
pair_of <- function(table) paste(table$unit, labels[numbers(table$"function") + 1])

# Each unit of which verdicts.csv tells a verdict must be expected, once, and have all scores here.
scored <- lapply(split(items, pair_of(items)), function(own) {
    scores <- scores_of(own, labels[numbers(own$"function"[1]) + 1])
    if (anyNA(scores[parameters$elements])) NULL else scores
})
scored <- scored[lengths(scored) > 0]
compare("units with a verdict", sort(pair_of(expected), method = "radix"),
        sort(pair_of(read_table("..", "verdicts.csv")), method = "radix"))

for (place in seq_len(nrow(expected))) {
    line <- expected[place, ]
    name <- pair_of(line)
    scores <- scored[[name]]
    if (is.null(scores)) {
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
