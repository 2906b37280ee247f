# Builds tinysync.jar. `make help` names the targets. Works with GNU make 3.81 and later.

VERSION = 0.1.0

# Short-lived JVMs: quick to start matters more than fast when warm.
SHORT     = -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
JAVAC     = "$(JDK)/bin/javac" $(SHORT:%=-J%) -Xlint:all -Werror -proc:none -implicit:none
JAVA      = "$(JDK)/bin/java"
FORMAT    = $(JAVA) $(SHORT) -jar build/lib/tools/google-java-format-*.jar --aosp --max-line-length 120

# Looked for only when a recipe needs it, and once: a build with nothing to do starts no process for it.
JDK       = $(eval JDK := $(call found,$(shell .ci/find-jdk 2>&1)))$(JDK)
found     = $(if $(filter /%,$(1)),$(1),$(error $(1)))

# Folders are listed beside files: a removed file changes its folder.
MAIN      := $(shell find src/main/java schema)
TEST      := $(shell find src/test/java)
ENTRY     = src/main/java/tinysync/Main.java
PACKER    = src/test/java/tinysync/build/PackJar.java

MAIN_PATH = build/classes:build/lib/run/*
TEST_PATH = build/test-classes:$(MAIN_PATH):build/lib/test/*
RUN_TESTS = $(JAVA) --enable-native-access=ALL-UNNAMED -Dtinysync.jar="$(CURDIR)/tinysync.jar" \
            -cp "$(TEST_PATH)" tinysync.build.RunTests build/test-classes

# Files that lie beside the sources go beside the classes.
copy_resources = cd $(1) && find . -type f ! -name '*.java' -exec sh -c \
    'for f; do mkdir -p "$$0/$${f%/*}" && cp "$$f" "$$0/$$f"; done' "$(CURDIR)/$(2)" {} +

export LC_ALL = C.UTF-8

.PHONY: jar libs test check format run bench mutants fuzz clean distclean help
.NOTPARALLEL:
.DELETE_ON_ERROR:

jar: tinysync.jar

tinysync.jar: build/classes.ok build/packer.ok Makefile
	@$(JAVA) $(SHORT) -cp build/packer tinysync.build.PackJar $@ $(VERSION) build/classes build/lib/run
	@echo "built $@"

build/lib.ok: pom.xml libraries.sha256 .ci/fetch-libraries
	@.ci/fetch-libraries
	@touch $@

# All but the entry class, which must load in a Java that is too old in order to say so.
build/classes.ok: build/lib.ok $(MAIN) Makefile
	@echo "compiling"
	@rm -rf build/classes && mkdir -p build/classes
	@find src/main/java -name '*.java' ! -path $(ENTRY) >build/main.list
	@$(JAVAC) --release 25 -cp "build/lib/run/*" -d build/classes @build/main.list
	@$(JAVAC) --release 8 -Xlint:-options -cp build/classes -d build/classes $(ENTRY)
	@$(call copy_resources,src/main/java,build/classes)
	@mkdir -p build/classes/schema && cp -R schema/. build/classes/schema
	@touch $@

build/test-classes.ok: build/classes.ok $(TEST)
	@echo "compiling tests"
	@rm -rf build/test-classes && mkdir -p build/test-classes
	@find src/test/java -name '*.java' >build/test.list
	@$(JAVAC) --release 25 -cp "$(MAIN_PATH):build/lib/test/*" -d build/test-classes @build/test.list
	@$(call copy_resources,src/test/java,build/test-classes)
	@touch $@

build/packer.ok: $(PACKER)
	@rm -rf build/packer && mkdir -p build/packer
	@$(JAVAC) --release 25 -d build/packer $(PACKER)
	@touch $@

build/format.ok: build/lib.ok $(MAIN) $(TEST)
	@find src -name '*.java' >build/format.list
	@$(FORMAT) --dry-run --set-exit-if-changed @build/format.list || \
	    { echo "the files above are not formatted: run make format" >&2; exit 1; }
	@touch $@

libs: build/lib.ok

test: tinysync.jar build/test-classes.ok
	@$(RUN_TESTS) $(ONLY)

check: build/format.ok build/test-classes.ok
	@$(RUN_TESTS) tinysync.rules

format: build/lib.ok
	@find src -name '*.java' >build/format.list
	@$(FORMAT) --replace @build/format.list

run: tinysync.jar
	@JAVA=$(JAVA) .ci/make-run.sh

bench: tinysync.jar build/test-classes.ok
	@EXCLUDE="$(EXCLUDE)" $(JAVA) --enable-native-access=ALL-UNNAMED -Dtinysync.jar="$(CURDIR)/tinysync.jar" \
	    -cp "$(TEST_PATH)" tinysync.bench.Bench

# PART is a package, or the start of a class name in one; MOST (300) bounds how many places are broken; TESTS names another package whose tests run.
mutants: tinysync.jar build/test-classes.ok
	@$(JAVA) --enable-native-access=ALL-UNNAMED -Dtinysync.jar="$(CURDIR)/tinysync.jar" -cp "$(TEST_PATH)" \
	    tinysync.mutants.Mutants build/classes build/test-classes $(PART) $(or $(MOST),300) $(TESTS)

# MINUTES (8) are shared by all targets; what a run learns stays in build/fuzz for the next.
fuzz: build/test-classes.ok
	@JAVA=$(JAVA) MINUTES=$(or $(MINUTES),8) .ci/fuzz.sh

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name 'lib*' -exec rm -rf {} + 2>/dev/null || true
	@rm -f tinysync.jar

distclean: clean
	@rm -rf build

help:
	@echo "make            builds tinysync.jar"
	@echo "make run        a server and a first device on this machine, under ./run, until Ctrl-C"
	@echo "make test       all tests; ONLY=NAME runs the classes whose full name contains NAME"
	@echo "make check      formatting, compiler lints, dependency and tidy rules"
	@echo "make format     formats all sources in place"
	@echo "make bench      measures beside other programs; EXCLUDE=\"NAME…\" leaves some out"
	@echo "make mutants    breaks one package in small ways, runs its tests against each: PART=package [MOST=n] [TESTS=package]"
	@echo "make fuzz       looks for inputs that break the readers of foreign bytes: [MINUTES=n]"
	@echo "make clean      removes what was built; distclean also the fetched libraries"
