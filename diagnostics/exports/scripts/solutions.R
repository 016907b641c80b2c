# The three solutions and the necessity of one analysis, found by R's QCA package and compared with
# what is expected. Inside, the conditions are X1, X2 and so on and the outcome is Y,
# for a name may be made of any letters or be a word of R's; terms of both sides are compared as
# marks, one a condition: 1 present, 0 absent, - not in the term.

sets_named <- function(count) c(paste0("X", seq_len(count)), "Y")

marks_of <- function(term, names) {
    literals <- strsplit(term, "*", fixed = TRUE)[[1]]
    is_absent <- startsWith(literals, "~")
    places <- match(ifelse(is_absent, substring(literals, 2), literals), names)
    if (length(places) == 0 || anyNA(places)) {
        return(paste("no term:", term))
    }
    marks <- rep("-", length(names))
    marks[places] <- ifelse(is_absent, "0", "1")
    paste(marks, collapse = "")
}

# A model's terms as marks in one order, whatever the locale.
terms_of <- function(terms, names) {
    sort(vapply(terms, marks_of, "", names = names, USE.NAMES = FALSE), method = "radix")
}

model_of <- function(terms, names) paste(terms_of(terms, names), collapse = " + ")

split_model <- function(text) strsplit(text, " + ", fixed = TRUE)[[1]]

expression_of <- function(marks) {
    literals <- strsplit(marks, "")[[1]]
    known <- which(literals != "-")
    paste0(ifelse(literals[known] == "1", "X", "~X"), known, collapse = "*")
}

# What R says where there is nothing to minimise, and where it cannot list all models: it looks at
# every combination of terms, and stops early or runs out of memory where they are too many. Anything
# else that stops it is a problem.
NOTHING <- "None of the values in OUT is explained|Nothing to explain|all conditions are minimized"
TOO_MANY <- "exceedingly complex|allocate memory|allocate vector|memory exhausted"

# What minimize() finds; NULL where there is nothing to find. Its part `cut` tells that R's own list
# of models is not whole.
solve <- function(what, ...) {
    cut <- FALSE
    found <- tryCatch(
        withCallingHandlers(
            do.call(minimize, list(method = "QMC", details = TRUE, ...)),
            warning = function(w) {
                cut <<- cut || grepl(TOO_MANY, conditionMessage(w))
                invokeRestart("muffleWarning")
            }
        ),
        error = function(e) {
            said <- trimws(gsub("[[:space:]]+", " ", conditionMessage(e)))
            cut <<- cut || grepl(TOO_MANY, said)
            if (!cut && !grepl(NOTHING, said)) {
                compare(paste0(what, ", stopped by: ", said), "an error", "none")
            }
            NULL
        }
    )
    if (is.null(found) && !cut) NULL else c(unclass(found), list(cut = cut))
}

# All different models of a solution of minimize(), and whether that is certain.
models_of <- function(solution, names) {
    found <- solution$solution
    if (!is.null(solution$i.sol)) {
        # Where the conservative model stays, R holds its terms bare and not as a list of one model.
        found <- unlist(lapply(solution$i.sol, function(pair) {
            if (is.list(pair$solution)) pair$solution else list(pair$solution)
        }), recursive = FALSE)
    }
    list(models = sort(unique(vapply(found, model_of, "", names = names)), method = "radix"),
         cut = isTRUE(solution$cut))
}

# Models of each kind as R has them.
found_models <- function(name, table, analysis) {
    names <- head(sets_named(length(analysis$conditions)), -1)
    kinds <- list(
        conservative = solve(paste(name, "conservative"), input = table),
        parsimonious = solve(paste(name, "parsimonious"), input = table, include = "?")
    )
    found <- lapply(kinds, models_of, names = names)
    if (is.null(kinds$conservative) || is.null(kinds$parsimonious)) {
        found$intermediate <- list(models = character(0), cut = FALSE)
    } else if (all(analysis$expectations == "-")) {
        # Without any, no assumption is easy; R then tells each term as a model of its own.
        found$intermediate <- found$conservative
    } else if (analysis$weighs_all) {
        remark("of joint expectations R's QCA 3.25.1 weighs the last one only, and Rutin all of",
               "them: the assumptions are sorted here, and R minimises")
        found$intermediate <- weighing_all(name, table, kinds, analysis)
    } else {
        found$intermediate <- models_of(
            solve(paste(name, "intermediate"), input = table, include = "?",
                  dir.exp = analysis$expectations),
            names
        )
    }
    found
}

# Terms as a matrix of marks, and which rows of such a matrix lie within a term.
matrix_of <- function(marks) do.call(rbind, strsplit(unname(marks), ""))

lies_within <- function(rows, term) {
    asked <- which(term != "-")
    rowSums(rows[, asked, drop = FALSE] != rep(term[asked], each = nrow(rows))) == 0
}

# Conditions of a term, among those that may be dropped, that contradict the expectations: a single
# one where only its opposite is expected, those of a joint one together where one is the opposite.
unexpected <- function(term, free, expected) {
    contrary <- rep(FALSE, length(term))
    is_single <- rowSums(expected != "-") == 1
    for (place in which(free)) {
        wished <- unique(setdiff(expected[is_single, place], "-"))
        contrary[place] <- length(wished) == 1 && wished != term[place]
    }
    for (line in which(!is_single)) {
        asked <- free & expected[line, ] != "-"
        if (any(expected[line, asked] != term[asked])) {
            contrary <- contrary | asked
        }
    }
    contrary
}

# Which rows are easy assumptions of one pair of models: every conservative term within a
# parsimonious one loses what contradicts the expectations, and what lies within the rest is easy.
easy_rows <- function(complex, simple, expected, rows, is_positive) {
    easy <- assumed <- rep(FALSE, nrow(rows))
    for (core in seq_len(nrow(simple))) {
        assumed <- assumed | lies_within(rows, simple[core, ])
    }
    for (place in seq_len(nrow(complex))) {
        for (core in seq_len(nrow(simple))) {
            term <- complex[place, ]
            asked <- simple[core, ] != "-"
            if (all(term[asked] == simple[core, asked])) {
                term[unexpected(term, term != "-" & !asked, expected)] <- "-"
                easy <- easy | lies_within(rows, term)
            }
        }
    }
    easy & assumed & !is_positive
}

# The intermediate models where all expectations count. Easy rows may be covered and need not be,
# as contradictions that R includes.
weighing_all <- function(name, table, kinds, analysis) {
    count <- length(analysis$conditions)
    names <- head(sets_named(count), -1)
    whole <- createMatrix(rep(2, count))
    rows <- matrix(as.character(whole), ncol = count)
    is_positive <- seq_len(nrow(rows)) %in% as.numeric(rownames(table$tt))[table$tt$OUT == "1"]
    expected <- matrix_of(vapply(split_model(analysis$expectations), marks_of, "", names = names))
    marked <- as.data.frame(whole)
    names(marked) <- names
    marked <- cbind(marked, OUT = "0", n = 1, incl = "-", PRI = "-", cases = "")
    tried <- found <- character(0)
    cut <- kinds$conservative$cut || kinds$parsimonious$cut
    for (complex in kinds$conservative$solution) {
        for (simple in kinds$parsimonious$solution) {
            easy <- easy_rows(matrix_of(terms_of(complex, names)), matrix_of(terms_of(simple, names)),
                              expected, rows, is_positive)
            key <- paste(which(easy), collapse = " ")
            if (key %in% tried) next
            tried <- c(tried, key)
            marked$OUT <- ifelse(is_positive, "1", ifelse(easy, "C", "0"))
            table$tt <- marked
            between <- models_of(solve(paste(name, "intermediate"), input = table, include = "C"),
                                 names)
            found <- c(found, between$models)
            cut <- cut || between$cut
        }
    }
    list(models = sort(unique(found), method = "radix"), cut = cut)
}

# The models that are expected, with the figures of R's pof() for each and for each of its terms.
check_solutions <- function(name, sets, table, analysis, models, terms, counts) {
    names(sets) <- sets_named(length(analysis$conditions))
    found <- found_models(name, table, analysis)
    kinds <- names(found)[vapply(found, function(one) one$cut || length(one$models) > 0, TRUE)]
    for (told in list(models$solution, terms$solution)) {
        compare(paste(name, "kinds of solutions"), sort(unique(told)), sort(kinds))
    }
    for (kind in intersect(kinds, models$solution)) {
        what <- paste(name, kind)
        lines <- models[models$solution %in% kind, ]
        mine <- vapply(lapply(lines$model, split_model), model_of, "", names = analysis$conditions)
        count <- numbers(counts$count[counts$what %in% paste(kind, "models")])
        check_models(what, found[[kind]], mine, count, analysis$limits[[kind]], analysis$most)
        compare(paste(what, "models cover"), covering(kind, mine, table), rep(TRUE, length(mine)))
        own <- terms[terms$solution %in% kind, ]
        compare(paste(what, "models of terms"), unique(own$model), lines$model)
        for (place in seq_along(mine)) {
            check_fit(paste(what, "model", place), sets, mine[place], analysis,
                      lines[place, ], own[own$model %in% lines$model[place], ])
        }
    }
}

# Whether models cover every row coded 1, and none that they may not: the conservative ones no other
# row at all, the others none that is coded.
covering <- function(kind, models, table) {
    count <- length(table$options$conditions)
    rows <- matrix(as.character(createMatrix(rep(2, count))), ncol = count)
    codes <- rep("?", nrow(rows))
    codes[as.numeric(rownames(table$tt))] <- as.character(table$tt$OUT)
    is_barred <- if (kind == "conservative") codes != "1" else codes %in% c("0", "C")
    vapply(lapply(models, split_model), function(terms) {
        if (any(startsWith(terms, "no term"))) return(FALSE)
        is_covered <- Reduce(`|`, lapply(terms, function(term) {
            lies_within(rows, strsplit(term, "")[[1]])
        }))
        all(is_covered[codes == "1"]) && !any(is_covered[is_barred])
    }, TRUE)
}

# Compare models, and their number. Rutin lists the first ones only; it may have stopped its search,
# and R may have: then what one of them does not know is not compared.
check_models <- function(what, found, mine, count, limit, most) {
    stopped <- nzchar(limit)
    compare(paste(what, "models, each once"), mine, unique(mine))
    compare(paste(what, "models, as many as are listed"), length(mine), min(most, count))
    if (stopped) {
        remark(what, "models: Rutin's search was cut short:", limit)
    }
    if (found$cut) {
        remark(what, "models: R cannot list them all, there are too many combinations of terms to try;",
               "what Rutin lists is compared with the rows and the cases alone")
        return(invisible())
    }
    if (stopped) {
        compare(paste(what, "models, not more than R's"), all(count <= length(found$models)), TRUE)
    } else {
        compare(paste(what, "number of models"), length(found$models), count)
    }
    if (length(found$models) <= most && !stopped) {
        compare(paste(what, "models"), sort(mine, method = "radix"), found$models)
        return(invisible())
    }
    remark(what, "models: R finds", length(found$models), "and Rutin lists the first", most,
           "of them in its own order, so that each of these must be among R's")
    compare(paste(what, "models, all among R's"), mine %in% found$models, rep(TRUE, length(mine)))
}

check_fit <- function(what, sets, model, analysis, line, own) {
    marks <- split_model(model)
    if (any(startsWith(marks, "no term"))) {
        compare(paste(what, "terms"), marks, rep("terms of these conditions", length(marks)))
        return(invisible())
    }
    text <- paste(vapply(marks, expression_of, ""), collapse = " + ")
    fit <- pof(paste(text, "->", analysis$explained), data = sets)$incl.cov
    columns <- c(consistency = "inclS", pri = "PRI", coverage = "covS")
    last <- fit[nrow(fit), columns]
    names(last) <- names(columns)
    compare_figures(what, last, line)
    told <- vapply(own$term, marks_of, "", names = analysis$conditions)
    order <- order(told, method = "radix")
    compare(paste(what, "terms"), told[order], marks)
    columns["unique_coverage"] <- "covU"
    single <- fit[seq_along(marks), columns]
    names(single) <- names(columns)
    compare_figures(paste(what, "terms"), single, own[order, ])
}

# ---- cases, and necessary conditions

# Cases with all values, without one, and at exactly .5 in a condition, which are in no row.
check_counts <- function(name, sets, left_out, expected) {
    at_half <- apply(sets[seq_len(ncol(sets) - 1)], 1, function(x) any(admisc::aeqb(x, 0.5)))
    what <- c("cases", "left out", "undecided")
    kinds <- c("conservative", "parsimonious", "intermediate")
    compare(paste(name, "what is counted"), expected$what,
            c(what, sprintf("%s models", intersect(kinds, sub(" models$", "", expected$what)))))
    compare(paste(name, "cases"), c(nrow(sets), left_out, sum(at_half)),
            numbers(expected$count[match(what, expected$what)]))
}

check_necessity <- function(name, sets, analysis, expected) {
    names(sets) <- sets_named(length(analysis$conditions))
    each <- rbind(head(names(sets), -1), paste0("~", head(names(sets), -1)))
    own <- rbind(analysis$conditions, paste0("~", analysis$conditions))
    columns <- c(consistency = "inclN", relevance = "RoN", coverage = "covN")
    outcomes <- if (analysis$explained == "Y") c("Y", "~Y") else c("~Y", "Y")
    found <- do.call(rbind, lapply(outcomes, function(outcome) {
        fit <- pof(paste(paste(each, collapse = " + "), "<-", outcome), data = sets)$incl.cov
        fit[seq_along(each), columns]
    }))
    names(found) <- names(columns)
    what <- paste(name, "necessity")
    told <- sub("Y", analysis$outcome, outcomes, fixed = TRUE)
    compare(paste(what, "outcomes"), expected$outcome, rep(told, each = length(own)))
    compare(paste(what, "conditions"), expected$condition, rep(own, times = 2))
    compare_figures(what, found, expected)
    verdicts <- expected$verdict
    verdicts[is.na(verdicts)] <- ""
    compare(paste(what, "verdicts"), necessity_verdicts(found, analysis$necessity, verdicts), verdicts)
}

# A figure within rounding of a threshold may stand on either side of it.
necessity_verdicts <- function(found, cuts, told) {
    is_near <- Reduce(`|`, lapply(names(cuts), function(name) abs(found[[name]] - cuts[[name]]) < 1e-9))
    is_one <- found$consistency >= cuts$consistency & found$coverage > cuts$coverage
    verdicts <- ifelse(is_one, ifelse(found$relevance >= cuts$relevance, "necessary", "trivial"), "")
    verdicts[is.na(verdicts)] <- ""
    ifelse(!is.na(is_near) & is_near, told, verdicts)
}

# Everything of one analysis; `expected` reads the table of a name.
check_analysis <- function(name, sets, left_out, analysis, expected) {
    counts <- expected("counts")
    check_counts(name, sets, left_out, counts)
    table <- truth_table(sets, analysis)
    check_table(name, table, analysis, expected("truth-table"))
    check_solutions(name, sets, table, analysis, expected("solutions"), expected("terms"), counts)
    check_necessity(name, sets, analysis, expected("necessity"))
}
