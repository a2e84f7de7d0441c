# SPDX-License-Identifier: GPL-2.0-only
#
# The fuzz targets: one file NAME_fuzz.c each, with what they share and all of lib/ and tools/ behind it. clang's
# libFuzzer calls them; ASan and UBSan see what must not be.

FUZZ ?= 60
fuzz_targets := $(patsubst tests/fuzz/%_fuzz.c,%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))
fuzz_binaries := $(fuzz_targets:%=$(build)/fuzz/%)
fuzz_tests := $(foreach target,$(fuzz_targets),'tests/fuzz.t $(target)')

fuzz_cflags := -std=gnu11 -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all $(warnings) \
	$(foreach folder,lib tools tests/unit kernel boot arch,-iquote $(folder))
fuzz_objects := $(patsubst %.c,$(build)/fuzz.d/%.o,$(sources_lib) $(sort $(wildcard tools/*.c)) \
	$(filter-out %_fuzz.c,$(sort $(wildcard tests/fuzz/*.c))))

$(build)/fuzz.d/%.o: %.c tests/fuzz/fuzz.mk
	@echo "  CLANG   $<"
	$(V)mkdir -p $(@D)
	$(V)clang $(fuzz_cflags) -MMD -MP -c -o $@ $<

# The command's main is a function that targets call.
$(build)/fuzz.d/tools/cr86.o: fuzz_cflags += -Dmain=cr86_main -Wno-missing-prototypes

$(build)/fuzz/%: $(build)/fuzz.d/tests/fuzz/%_fuzz.o $(fuzz_objects)
	@echo "  CLANG   $@"
	$(V)mkdir -p $(@D)
	$(V)clang -fsanitize=fuzzer,address,undefined -o $@ $^

$(build)/fuzz/options: $(build)/fuzz.d/kernel/options.o

# What fuzzing begins with, written by machines of every engine.
$(build)/fuzz/seeds: tests/fuzz/make-seeds $(build)/kernel $(program_files) $(build)/cr86 $(build)/unit/sample | all
	@echo "  SEEDS   $@"
	$(V)rm -rf $@ $@.new
	$(V)tests/fuzz/make-seeds --engines $@.new
	$(V)mv $@.new $@

# FUZZ=3600: an hour each. build/fuzz/corpus keeps what was found, so the next time goes on from there.
.PHONY: fuzz
fuzz: $(fuzz_binaries) $(build)/fuzz/seeds
	$(V)VERBOSE=1 FUZZ=$(FUZZ) tests/run-tests $(fuzz_tests)
