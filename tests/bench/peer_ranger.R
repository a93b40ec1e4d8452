#!/usr/bin/Rscript
# ranger (Debian: r-cran-ranger); commands and figures are those of worker.py.
suppressMessages(library(ranger))

words <- commandArgs(TRUE)
command <- words[1]
job <- as.list(sub("^[^=]*=", "", words[-1]))
names(job) <- sub("=.*", "", words[-1])
whole <- function(name) as.integer(job[[name]])

peak_mb <- function() {
  line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024
}

# Unsigned items of a .npy file (format 1: ten bytes, then a header of the size in the last two of them).
read_items <- function(name, n, bytes) {
  file <- file(file.path(job$data, paste0(name, "_", job$variant, ".npy")), "rb")
  on.exit(close(file))
  start <- as.integer(readBin(file, "raw", 10))
  readBin(file, "raw", start[9] + 256L * start[10])
  readBin(file, "integer", n, size = bytes, signed = FALSE, endian = "little")
}

n_features <- function() as.integer(sub("f", "", job$variant))

read_features <- function(name, n) {
  rows <- matrix(as.double(read_items(name, n * n_features(), 2)), ncol = n_features(), byrow = TRUE)
  colnames(rows) <- paste0("f", seq_len(ncol(rows)) - 1)
  rows
}

read_codes <- function(name, n) factor(read_items(name, n, 1), levels = 1:8)

timed <- function(work) {
  time <- system.time(work)
  list(seconds = time[["elapsed"]], cpu_seconds = time[["user.self"]] + time[["sys.self"]])
}

classes <- function(forest, rows) predict(forest, rows, num.threads = whole("threads"))$predictions

fit <- function() {
  x <- read_features("X_train", whole("rows"))
  y <- read_codes("y_train", whole("rows"))
  data_mb <- peak_mb()
  result <- timed(forest <- ranger(
    x = x, y = y, num.trees = whole("trees"), mtry = floor(sqrt(ncol(x))), max.depth = whole("depth"),
    num.threads = whole("threads"), seed = whole("seed") + 1, oob.error = FALSE, verbose = FALSE))
  result <- c(result, data_mb = data_mb, peak_mb = peak_mb(), nodes = sum(lengths(forest$forest$split.varIDs)))
  saveRDS(forest, job$model, compress = FALSE)
  load_seconds <- timed(forest <- readRDS(job$model))$seconds
  n_test <- file.size(file.path(job$data, paste0("y_test_", job$variant, ".npy"))) - 128
  right <- classes(forest, read_features("X_test", n_test)) == read_codes("y_test", n_test)
  c(result, model_mb = file.size(job$model) / 1e6, load_seconds = load_seconds, accuracy = mean(right))
}

predict_classes <- function() {
  stopifnot(job$what == "classes") # probabilities would be those of another kind of forest
  forest <- readRDS(job$model)
  x <- read_features("image", whole("pixels"))
  classes(forest, x[1:min(10000, nrow(x)), ])
  result <- timed(map <- classes(forest, x))
  c(pixels = nrow(x), result, peak_mb = peak_mb(), accuracy = mean(map == read_codes("labels", nrow(x))))
}

if (command == "version") {
  cat(sprintf('{"version": "%s"}\n', packageVersion("ranger")))
} else {
  result <- if (command == "fit") fit() else predict_classes()
  cat("{", paste0('"', names(result), '": ', format(unlist(result), digits = 10, trim = TRUE), collapse = ", "), "}\n")
}
