# Reproduces the calibration, the truth tables, the three solutions, the necessity and the test of the
# patterns. Run in this folder:  Rscript analyses.R
# It reads answers.csv of the folder above, parameters.R, and what is expected from expected/.

source("common.R")
source("truth_tables.R")
source("solutions.R")
source("parameters.R")

# Mean of the answered items that a function is asked, reversed ones turned; none of too few.
score_of <- function(answers, scales, name) {
    scale <- scales[[name]]
    values <- sapply(answers[scale$items], numbers)
    turned <- scale$items %in% parameters$reversed
    values[, turned] <- parameters$points + 1 - values[, turned]
    known <- rowSums(!is.na(values))
    ifelse(known >= scale$needed, rowMeans(values, na.rm = TRUE), NA)
}

# The scores that an analysis uses, conditions first, in the order in which cases were added up.
used_scores <- function(name, answers, analysis) {
    columns <- parameters$scales[c(analysis$conditions, analysis$outcome)]
    used <- round(sapply(columns, score_of, answers = answers, name = name), 9)
    used[do.call(order, as.data.frame(used)), ]
}

sets_of <- function(scores, analysis) {
    sets <- lapply(seq_len(ncol(scores)), function(place) {
        membership(scores[, place], analysis$anchors[[place]], analysis$idm)
    })
    names(sets) <- sets_named(length(sets) - 1)
    as.data.frame(sets)
}

# Mean of min(x_i, y_j) over all pairs / mean of x: the consistency with outcomes dealt out at random.
by_chance <- function(x, y) {
    y <- sort(y)
    below <- findInterval(x, y)
    sum(c(0, cumsum(y))[below + 1] + x * (length(y) - below)) / length(y) / sum(x)
}

check_patterns <- function(name, answers, analysis, expected) {
    scores <- lapply(parameters$scales, score_of, answers = answers, name = name)
    anchors <- analysis$anchors[match(names(scores), c(analysis$conditions, analysis$outcome))]
    sets <- mapply(membership, scores, anchors, MoreArgs = list(idm = analysis$idm),
                   SIMPLIFY = FALSE)
    compare(paste(name, "patterns"), expected$pattern, names(analysis$patterns))
    for (code in names(analysis$patterns)) {
        x <- apply(required(sets, analysis$patterns[[code]]), 1, min)
        y <- sets[[analysis$outcome]]
        known <- !is.na(x) & !is.na(y)
        x <- x[known]
        y <- y[known]
        both <- sum(pmin(x, y))
        doubt <- sum(pmin(x, y, 1 - y))
        found <- c(consistency = both / sum(x), pri = (both - doubt) / (sum(x) - doubt),
                   coverage = both / sum(y), expected = by_chance(x, y),
                   cases = sum(x > 0.5), respondents = sum(known))
        compare_figures(paste(name, "pattern", code), as.list(found),
                        expected[expected$pattern %in% code, ])
    }
}

answers <- read_table("..", "answers.csv")
for (name in names(parameters$analyses)) {
    analysis <- parameters$analyses[[name]]
    cat(name, "\n")
    mine <- answers[numbers(answers$"function") %in% analysis$function_code, ]
    scores <- used_scores(name, mine, analysis)
    is_complete <- complete.cases(scores)
    sets <- sets_of(scores[is_complete, ], analysis)
    expected <- function(part) read_table("expected", paste0(name, "-", part, ".csv"))
    stored <- expected("calibrated")
    compare(paste(name, "calibrated columns"), names(stored), colnames(scores))
    for (place in seq_along(sets)) {
        compare(paste(name, "calibrated", colnames(scores)[place]), sort(sets[[place]]),
                sort(numbers(stored[[place]])))
    }
    check_analysis(name, sets, sum(!is_complete), analysis, expected)
    check_patterns(name, mine, analysis, expected("patterns"))
}
finish()
