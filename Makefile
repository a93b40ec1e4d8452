# Everything that is done with lcclass besides running it. `make` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
BENCH_DATA ?= bench-data
BENCH_ARGS ?=
VALIDATION_DIR ?= validation-data
VALIDATION_ARGS ?=
BUILD ?= build
JOBS ?= $(shell nproc)

# The Debian 12 packages each piece of work takes; nowhere else are they listed.
PACKAGES_BUILD = g++ cmake ninja-build libgdal-dev libtbb-dev libssl-dev libcli11-dev libspdlog-dev \
                 nlohmann-json3-dev libyaml-cpp-dev libhwy-dev libeigen3-dev libmuparser-dev \
                 libjs-chart.js libjs-leaflet libpng-dev libturbojpeg0-dev libcairo2-dev pkg-config fonts-dejavu-core
PACKAGES_TEST = libgtest-dev libgmock-dev python3 groff-base
PACKAGES_PAGES = chromium chromium-driver python3-selenium
PACKAGES_DOCS = mkdocs
PACKAGES_DEB = dpkg-dev file
PACKAGES_DEB_CHECK = debootstrap lintian
PACKAGES_LINT = clang-format clang-tidy
PACKAGES_BENCH = time python3-numpy python3-scipy python3-gdal python3-matplotlib python3-sklearn
PACKAGES_VALIDATION = python3-numpy python3-gdal python3-matplotlib
PACKAGES_QGIS = python3-qgis qgis-providers
PACKAGES_PEERS = python3-xgboost python3-skimage r-cran-ranger otb-bin

# ccache is used when it is there, and left alone when the build folder already says how to compile.
CONFIGURE = cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release \
            $(if $(shell command -v ccache),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
SOURCES = $(shell find src include apps tests -name '*.cpp' -o -name '*.h' | sort)

.PHONY: help deps build demo test docs peers bench validation qgis-check lint install deb deb-check clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

deps: ## install the Debian packages that building and testing the program take, if any is missing
	@cmake/install_packages.sh $(PACKAGES_BUILD) $(PACKAGES_TEST)

build: deps ## build build/bin/lcclass
	$(CONFIGURE)
	cmake --build $(BUILD) --parallel $(JOBS) --target lcclass

demo: build ## map a simulated Sentinel-2 scene and say how good the map is
	@cmake/demo.sh $(BUILD)/bin/lcclass demo

test: deps ## build with warnings as errors and run all tests
	@cmake/install_packages.sh $(PACKAGES_PAGES) $(PACKAGES_DOCS)
	$(CONFIGURE) -DLCCLASS_TESTS=ON -DLCCLASS_WERROR=ON
	cmake --build $(BUILD) --parallel $(JOBS)
	cd $(BUILD) && ctest --parallel $(JOBS) --output-on-failure

qgis-check: deps ## open what lcclass writes in QGIS itself, offscreen (installs it: half a gigabyte)
	@cmake/install_packages.sh $(PACKAGES_QGIS)
	$(CONFIGURE) -DLCCLASS_TESTS=ON
	cmake --build $(BUILD) --parallel $(JOBS) --target lcclass
	cd $(BUILD) && ctest --output-on-failure -R "^qgis\."

docs: ## build the manual as a site: build/site/index.html
	@cmake/install_packages.sh $(PACKAGES_DOCS)
	@cmake/docs_site.sh $(BUILD)

peers: ## install the other tools that bench compares with (it does without those that are missing)
	@cmake/install_packages.sh $(PACKAGES_PEERS)

bench: deps ## compare with other tools, see docs/performance.md; BENCH_DATA=folder, BENCH_ARGS=options of bench.py
	@cmake/install_packages.sh $(PACKAGES_BENCH)
	$(CONFIGURE) -DLCCLASS_BENCH=ON
	cmake --build $(BUILD) --parallel $(JOBS) --target lcclass forest_bench kernel_bench
	tests/bench/bench.py --bin $(BUILD)/bin --data $(BENCH_DATA) --out $(BUILD)/bench.json $(BENCH_ARGS)

validation: build ## estimates beside the truth of simulated landscapes, see docs/validation.md; VALIDATION_DIR=folder
	@cmake/install_packages.sh $(PACKAGES_VALIDATION)
	tests/validation/study.py --bin $(BUILD)/bin/lcclass --out $(VALIDATION_DIR) $(VALIDATION_ARGS)

lint: deps ## check layout (clang-format), code (clang-tidy) and layers
	@cmake/install_packages.sh $(PACKAGES_LINT)
	cmake -DROOT=. -P cmake/check_layers.cmake
	clang-format --dry-run -Werror $(SOURCES)
	$(CONFIGURE)
	cmake/clang_tidy.sh $(BUILD) $(JOBS) $(filter src/%.cpp apps/%.cpp,$(SOURCES))

install: build ## install program, manual pages, completions and docs under PREFIX (/usr/local)
	cmake --build $(BUILD) --parallel $(JOBS) --target lcclass_manual
	DESTDIR=$(DESTDIR) cmake --install $(BUILD) --prefix $(PREFIX)

# The changes of the last commit date everything in the package, so that the same sources give the same bytes.
deb: build ## make a Debian package of the program: build/lcclass_VERSION_ARCHITECTURE.deb
	@cmake/install_packages.sh $(PACKAGES_DEB)
	cmake --build $(BUILD) --parallel $(JOBS) --target lcclass_manual
	cd $(BUILD) && SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git -C $(CURDIR) log -1 --format=%ct 2>/dev/null || echo 0)} \
	    cpack -G DEB

deb-check: deb ## install the package in a fresh Debian and run the demo there (root, some minutes)
	@cmake/install_packages.sh $(PACKAGES_DEB_CHECK)
	@cmake/deb_check.sh $$(ls -t $(BUILD)/lcclass_*.deb | head -n 1)

clean: ## remove what building and the demo made
	rm -rf $(BUILD) demo
