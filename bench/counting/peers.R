# One of R's packages on one table of overlaps: Rscript peers.R PACKAGE TABLE.csv. Prints a JSON object a line.
#
# From CRAN: install.packages(c("LCMCR", "dga", "SparseMSE")). LCMCR needs the headers of GSL (libgsl-dev).

given <- commandArgs(trailingOnly = TRUE)
package <- given[[1]]
table <- read.csv(given[[2]], check.names = FALSE)
lists <- setdiff(names(table), "n")
say <- function(...) cat(sprintf(...), "\n", sep = "")

if (package == "LCMCR") {
  # Eight chains of its own settings; the last column of a tabular table is the number of people.
  captures <- data.frame(lapply(table[lists], factor, levels = c(0, 1)), Freq = table$n)
  for (chain in 1:8) {
    before <- proc.time()
    sampler <- LCMCR::lcmCR(captures, tabular = TRUE, in_list_label = "1", not_in_list_label = "0",
                            K = 10, seed = chain, buffer_size = 10000, thinning = 100, verbose = FALSE)
    draws <- LCMCR::lcmCR_PostSampl(sampler, burnin = 10000, samples = 1000, thinning = 100, output = FALSE)
    took <- sum((proc.time() - before)[c("user.self", "sys.self")])
    say('{"chain": %d, "cpu": %.3f, "iterations": 110000, "draws": [%s]}',
        chain, took, paste(sprintf("%.0f", draws), collapse = ", "))
  }
}

if (package == "dga") {
  # Overlaps as an array of 2 by 2 by ...; the prior of its manual, 2^-lists.
  j <- length(lists)
  counts <- array(0, dim = rep(2, j))
  for (row in seq_len(nrow(table))) counts[matrix(unlist(table[row, lists]) + 1, nrow = 1)] <- table$n[row]
  graphs <- sprintf("graphs%d", j)
  data(list = graphs, package = "dga")
  missing <- 0:(10 * sum(table$n))
  before <- proc.time()
  weights <- colSums(dga::bma.cr(counts, missing, 2^-j, get(graphs)))
  took <- sum((proc.time() - before)[c("user.self", "sys.self")])
  at <- cumsum(weights) / sum(weights)
  ends <- sum(table$n) + missing[sapply(c(0.5, 0.025, 0.975), function(q) which(at >= q)[1])]
  say('{"cpu": %.3f, "middle": %d, "low": %d, "high": %d}', took, ends[1], ends[2], ends[3])
}

if (package == "SparseMSE") {
  before <- proc.time()
  found <- SparseMSE::estimatepopulation(as.matrix(table[c(lists, "n")]), nboot = 100, iseed = 1)
  took <- sum((proc.time() - before)[c("user.self", "sys.self")])
  say('{"cpu": %.3f, "middle": %.0f, "low": %.0f, "high": %.0f}',
      took, found$popest, found$BCaquantiles[["0.025"]], found$BCaquantiles[["0.975"]])
}
