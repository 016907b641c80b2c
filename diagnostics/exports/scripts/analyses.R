# Reproduces the calibration, the truth tables, the three solutions and the test of the patterns.
# Run in this folder:  Rscript analyses.R
# It reads answers.csv of the folder above, parameters.R, and what is expected from expected/.

source("common.R")
source("parameters.R")

# Mean of the answered items that a function is asked, reversed ones turned; none of too few.
score_of <- function(answers, scales, name) {
    scale <- scales[[name]]
    values <- as.matrix(answers[scale$items])
    turned <- scale$items %in% parameters$reversed
    values[, turned] <- parameters$points + 1 - values[, turned]
    known <- rowSums(!is.na(values))
    ifelse(known >= scale$needed, rowMeans(values, na.rm = TRUE), NA)
}

sets_of <- function(name, answers, analysis) {
    scores <- as.data.frame(lapply(parameters$scales, score_of, answers = answers, name = name))
    used <- scores[c(analysis$conditions, analysis$outcome)]
    used <- round(used[complete.cases(used), ], 9)
    used <- used[do.call(order, unname(used)), ]
    sets <- mapply(membership, used, analysis$anchors[names(used)],
                   MoreArgs = list(idm = analysis$idm))
    as.data.frame(sets)
}

check_table <- function(name, table, expected) {
    rows <- table$tt[as.character(expected$row), ]
    compare(paste(name, "truth table, cases"), as.numeric(rows$n), expected$n)
    compare(paste(name, "truth table, codes"), as.character(rows$OUT), expected$output)
    compare(paste(name, "truth table, consistency"),
            suppressWarnings(as.numeric(as.character(rows$incl))), expected$consistency)
    compare(paste(name, "truth table, PRI"),
            suppressWarnings(as.numeric(as.character(rows$PRI))), expected$pri)
}

# A model as one text: its terms in alphabetical order.
written <- function(terms) paste(sort(gsub(" ", "", terms), method = "radix"), collapse = " + ")

# All different models of a solution of minimize(); none where it finds none.
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

check_solutions <- function(name, sets, table, analysis, expected) {
    solutions <- list(
        conservative = solve(table),
        parsimonious = solve(table, include = "?"),
        intermediate = solve(table, include = "?", dir.exp = analysis$expectations)
    )
    for (kind in names(solutions)) {
        lines <- expected[expected$solution == kind, ]
        compare(paste(name, kind, "models"), models_of(solutions[[kind]]), sort(lines$model, method = "radix"))
        for (place in seq_len(nrow(lines))) {
            fit <- pof(paste(lines$model[place], "->", analysis$outcome), data = sets)$incl.cov
            last <- fit[nrow(fit), ]
            compare(paste(name, kind, "model", place, "fit"),
                    as.numeric(last[c("inclS", "PRI", "covS")]),
                    as.numeric(lines[place, c("consistency", "pri", "coverage")]))
        }
    }
}

check_patterns <- function(name, answers, analysis, expected) {
    scores <- lapply(parameters$scales, score_of, answers = answers, name = name)
    sets <- mapply(membership, scores, analysis$anchors[names(scores)],
                   MoreArgs = list(idm = analysis$idm))
    sets <- as.data.frame(sets)
    for (code in names(analysis$patterns)) {
        x <- apply(required(sets, analysis$patterns[[code]]), 1, min)
        y <- sets[[analysis$outcome]]
        known <- !is.na(x) & !is.na(y)
        x <- x[known]
        y <- y[known]
        both <- sum(pmin(x, y))
        doubt <- sum(pmin(x, y, 1 - y))
        line <- expected[expected$pattern == code, ]
        compare(paste(name, "pattern", code),
                c(both / sum(x), (both - doubt) / (sum(x) - doubt), both / sum(y)),
                as.numeric(line[c("consistency", "pri", "coverage")]))
    }
}

answers <- read_table("..", "answers.csv")
for (name in names(parameters$analyses)) {
    analysis <- parameters$analyses[[name]]
    cat(name, "\n")
    mine <- answers[!is.na(answers$"function") & answers$"function" == analysis$function_code, ]
    sets <- sets_of(name, mine, analysis)
    expected <- function(part) read_table("expected", paste0(name, "-", part, ".csv"))
    stored <- expected("calibrated")
    for (column in names(stored)) {
        compare(paste(name, "calibrated", column), sort(sets[[column]]), sort(stored[[column]]))
    }
    table <- truthTable(sets, outcome = analysis$outcome, conditions = analysis$conditions,
                        incl.cut = analysis$incl.cut, pri.cut = analysis$pri.cut,
                        n.cut = analysis$n.cut, complete = TRUE)
    check_table(name, table, expected("truth-table"))
    check_solutions(name, sets, table, analysis, expected("solutions"))
    check_patterns(name, mine, analysis, expected("patterns"))
}
finish()
