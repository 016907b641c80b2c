# The truth table of one analysis, found by R's QCA package and compared with what is expected. The
# conditions are X1, X2 and so on and the outcome is Y, as in solutions.R, which says why.

truth_table <- function(sets, analysis) {
    names(sets) <- sets_named(length(analysis$conditions))
    arguments <- list(data = sets, outcome = analysis$explained, conditions = head(names(sets), -1),
                      incl.cut = analysis$incl.cut, pri.cut = analysis$pri.cut,
                      n.cut = analysis$n.cut, complete = TRUE)
    plain <- suppressWarnings(do.call(truthTable, arguments))
    excluded <- analysis$excluded
    # Of more than seven conditions R adds an excluded row at the end, also if it is there already.
    twice <- if (nrow(plain$tt) < 2^length(analysis$conditions)) {
        intersect(excluded, as.numeric(rownames(plain$tt)))
    }
    arguments$exclude <- setdiff(excluded, twice)
    table <- plain
    if (length(arguments$exclude) > 0) {
        table <- suppressWarnings(do.call(truthTable, arguments))
    }
    table <- with_codes_of_their_own(table, analysis)
    table$tt$OUT[as.numeric(rownames(table$tt)) %in% excluded] <- "0"
    table
}

# With rows of too few cases, R finds contradictions among the other rows only, but writes the code
# C to the rows of all in turn: its index is shorter than the table and begins again at the top.
# Whether that can happen follows from the cases and the cuts, and the codes then from R's figures.
with_codes_of_their_own <- function(table, analysis) {
    rows <- figures_of(table)
    cuts <- c(analysis$incl.cut, 1)
    enough <- rows$n >= analysis$n.cut
    contradictory <- enough & rows$incl < cuts[1] & admisc::agteb(rows$incl, cuts[2])
    if (!any(contradictory) || !any(table$removed$tt$n < analysis$n.cut)) {
        return(table)
    }
    remark("R's QCA 3.25.1 puts the code C into wrong rows where others have too few cases;",
           "the rows are coded here from R's own figures")
    positive <- admisc::agteb(rows$incl, cuts[1]) & admisc::agteb(rows$PRI, analysis$pri.cut)
    codes <- ifelse(contradictory, "C", ifelse(positive, "1", "0"))
    places <- match(rows$row, as.numeric(rownames(table$tt)))
    held <- !is.na(places)
    table$tt$OUT[places[held]] <- ifelse(enough, codes, "?")[held]
    table
}

# R's figures of every row near cases; of more than seven conditions the rows of too few are apart.
figures_of <- function(table) {
    columns <- c("n", "incl", "PRI")
    held <- table$tt[columns]
    held$row <- as.numeric(rownames(held))
    held <- held[held$n > 0 | held$incl != "-", ]
    rows <- held
    if (!is.null(table$removed)) {
        removed <- table$removed$tt[columns]
        removed$row <- as.numeric(rownames(removed))
        rows <- rbind(held, removed[!removed$row %in% held$row, ])
    }
    for (column in columns) {
        rows[[column]] <- suppressWarnings(as.numeric(as.character(rows[[column]])))
    }
    rows[order(rows$row), ]
}

check_table <- function(name, table, analysis, expected) {
    figures <- figures_of(table)
    coded <- as.numeric(rownames(table$tt))
    shown <- sort(union(figures$row[figures$n > 0], coded[table$tt$OUT != "?"]))
    what <- paste(name, "truth table,")
    compare(paste(what, "rows"), shown, numbers(expected$row))
    count <- length(analysis$conditions)
    bits <- vapply(shown - 1, function(code) {
        paste(code %/% 2^((count - 1):0) %% 2, collapse = "")
    }, "")
    compare(paste(what, "configurations"), bits, expected$configuration)
    codes <- as.character(table$tt$OUT)[match(shown, coded)]
    codes[is.na(codes)] <- "?"
    compare(paste(what, "codes"), codes, expected$output)
    places <- match(shown, figures$row)
    cases <- figures$n[places]
    cases[is.na(cases)] <- 0
    compare(paste(what, "cases"), cases, numbers(expected$n))
    compare(paste(what, "consistency"), figures$incl[places], numbers(expected$consistency))
    compare(paste(what, "PRI"), figures$PRI[places], numbers(expected$pri))
}
