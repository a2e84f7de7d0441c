# SPDX-License-Identifier: GPL-2.0-only
#
# make                 kernel, programs, host command
# make run             the main job: checkpoint on one emulated CPU, restart on others
# make test            all tests        make bench   guest instructions per operation
# make iso             build/cr86.iso   make debug   QEMU and gdb, at the first ring-3 instruction
# make matrix          every cell       make mutants kernels with one step broken: is it noticed?
# make clean
#
# CROSS_COMPILE and CC work as in Linux's Makefile: make CC=clang, make CROSS_COMPILE=i386-elf-

CROSS_COMPILE ?= i686-linux-gnu-
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
LD := $(CROSS_COMPILE)ld
OBJCOPY := $(CROSS_COMPILE)objcopy
HOSTCC ?= cc
NASM ?= nasm
V := $(if $(V),,@)

build := build

warnings := -Wall -Wextra -Werror -Wmissing-prototypes -Wvla
reproducible := -ffile-prefix-map=$(CURDIR)=.
clang_target := $(if $(findstring clang,$(CC)),--target=i686-linux-gnu)

# The kernel holds no floating-point or SSE instruction of its own: those registers belong to the tasks, always.
kernel_cflags := $(clang_target) -std=gnu11 -m32 -march=i486 -O2 -g -ffreestanding -fbuiltin -mgeneral-regs-only -fno-pic -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common -fcf-protection=none -falign-functions=4 -falign-loops=1 \
	$(warnings) $(reproducible)
program_cflags := $(clang_target) -std=gnu11 -m32 -march=i486 -O2 -g -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -fcf-protection=none $(warnings) $(reproducible)
nasm_flags := -f elf32 -g -F dwarf -Werror
host_cflags := -std=gnu11 -O2 -g $(warnings)

# Dependencies point down this list only, and the include paths enforce it.
include_lib := -Ilib
include_arch := -Iarch $(include_lib)
include_boot := -Iboot $(include_arch)
include_kernel := -Ikernel $(include_boot)
include_tests := $(include_kernel)

sources_lib := $(sort $(wildcard lib/*.c))
sources_arch := $(sort $(wildcard arch/*.c arch/*.asm))
sources_boot := $(sort $(wildcard boot/*.c boot/*.asm))
sources_kernel := $(sort $(wildcard kernel/*.c))
sources_tests := $(sort $(wildcard tests/selftest/*.c))

layers := lib arch boot kernel tests
kernel_objects := $(foreach l,$(layers),$(patsubst %,$(build)/kernel.d/%.o,$(sources_$(l))))

programs := $(patsubst tests/programs/%.c,%,$(filter-out tests/programs/support%,$(sort $(wildcard tests/programs/*.c))))
program_support := $(patsubst %,$(build)/programs.d/%.o,$(sort $(wildcard tests/programs/support*.c tests/programs/*.asm)) \
	lib/printf.c $(wildcard arch/string.c))

unit_tests := $(patsubst tests/unit/%.c,$(build)/unit/%,$(sort $(wildcard tests/unit/*_test.c)))

.PHONY: all
all: $(build)/kernel $(programs:%=$(build)/programs/%) $(build)/cr86

# --- kernel ---

$(build)/kernel: $(build)/kernel.debug
	@echo "  STRIP   $@"
	$(V)$(OBJCOPY) --strip-all $< $@

$(build)/kernel.debug: linker.ld $(kernel_objects)
	@echo "  LD      $@"
	$(V)$(LD) -m elf_i386 -static -nostdlib --build-id=none -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments -T $< -o $@ $(kernel_objects)

define layer_rules
$(build)/kernel.d/$(1)/%.c.o: $(1)/%.c Makefile
	@echo "  CC      $$<"
	$$(V)mkdir -p $$(@D)
	$$(V)$$(CC) $$(kernel_cflags) $$(include_$(1)) -MMD -MP -c -o $$@ $$<

$(build)/kernel.d/$(1)/%.asm.o: $(1)/%.asm
	@echo "  NASM    $$<"
	$$(V)mkdir -p $$(@D)
	$$(V)$$(NASM) $(nasm_flags) -MD $$(@:.o=.d) -o $$@ $$<
endef
$(foreach l,$(layers),$(eval $(call layer_rules,$(l))))

# The compiler must not see memcpy in memcpy's own loops.
$(build)/kernel.d/arch/string.c.o: kernel_cflags += -fno-builtin

# --- ring-3 programs ---

$(build)/programs.d/%.c.o: %.c
	@echo "  CC      $<"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(program_cflags) -Itests/programs $(include_lib) -MMD -MP -c -o $@ $<

$(build)/programs.d/%.asm.o: %.asm
	@echo "  NASM    $<"
	$(V)mkdir -p $(@D)
	$(V)$(NASM) $(nasm_flags) -MD $(@:.o=.d) -o $@ $<

$(build)/programs/%: $(build)/programs.d/tests/programs/%.c.o $(program_support)
	@echo "  LD      $@"
	$(V)mkdir -p $(@D)
	$(V)$(LD) -m elf_i386 -static -nostdlib --build-id=none -z noexecstack -z max-page-size=4096 -o $@ $^

# --- host command and unit tests ---

host_objects := $(patsubst lib/%.c,$(build)/host.d/lib/%.o,$(sources_lib))

$(build)/host.d/%.o: %.c
	@echo "  HOSTCC  $<"
	$(V)mkdir -p $(@D)
	$(V)$(HOSTCC) $(host_cflags) -iquote lib -MMD -MP -c -o $@ $<

$(build)/cr86: $(patsubst %.c,$(build)/host.d/%.o,$(sort $(wildcard tools/*.c))) $(host_objects)
	@echo "  HOSTLD  $@"
	$(V)$(HOSTCC) -o $@ $^

$(build)/unit/%: $(build)/host.d/tests/unit/%.o $(host_objects)
	@echo "  HOSTLD  $@"
	$(V)mkdir -p $(@D)
	$(V)$(HOSTCC) -o $@ $^ -lz

.PHONY: clean
clean:
	rm -rf $(build)

.SECONDARY:
-include $(shell find $(build) -name '*.d' -type f 2>/dev/null)

# --- the ISO, the main job, the tests ---

program_files := $(patsubst %,$(build)/programs/%,$(filter-out crash_% bench% spin,$(programs)))

$(build)/cr86.iso: iso/make-iso iso/grub.cfg $(build)/kernel $(program_files)
	@echo "  ISO     $@"
	$(V)iso/make-iso --timeout 5 $@ $(program_files)

$(build)/misbehave/%: tests/engines/misbehave/%.asm
	@echo "  NASM    $<"
	$(V)mkdir -p $(@D)
	$(V)$(NASM) -f bin -Werror -o $@ $<

.PHONY: iso run debug test matrix check-style
iso: $(build)/cr86.iso

run: all
	$(V)tests/main-job

debug: all
	$(V)tests/debug

test: all $(unit_tests) $(build)/unit/sample $(patsubst tests/engines/%.asm,$(build)/%,$(wildcard tests/engines/misbehave/*.asm))
	$(V)tests/run-tests --cells tests/cells $(sort $(wildcard tests/*.t tests/engines/*.t)) $(unit_tests)

matrix: all
	$(V)tests/all-models >$(build)/matrix.cells
	$(V)tests/run-tests --cells $(build)/matrix.cells

check-style:
	$(V)prove tests/style.t

# Guest instructions per operation, against their bounds and other kernels.
.PHONY: bench
bench: all
	$(V)tests/bench

# Kernels with one step broken: does a test notice each?
.PHONY: mutants
mutants: all
	$(V)tests/mutate
