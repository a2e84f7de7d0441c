# SPDX-License-Identifier: GPL-2.0-only
#
# make                 kernel, programs, host command
# make run             the main job: checkpoint on one emulated CPU, restart on others
# make test            all tests        make bench   guest instructions per operation
# make iso             build/cr86.iso   make netboot build/netboot, the same for a TFTP server
# make debug           QEMU and gdb, at the first ring-3 instruction
# make matrix          every cell       make models  the programs on every CPU model
# make mutants         kernels with one step broken: is it noticed?
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
include_tests := -Itests/conformance $(include_kernel)

sources_lib := $(sort $(wildcard lib/*.c))
sources_arch := $(sort $(wildcard arch/*.c arch/*.asm) arch/font.c)
sources_boot := $(sort $(wildcard boot/*.c boot/*.asm))
sources_kernel := $(sort $(wildcard kernel/*.c))
sources_tests := $(sort $(wildcard tests/selftest/*.c))

# A family of cases is a file; make families=tests/cases/x87.asm links that one alone.
families := $(sort $(wildcard tests/cases/*.asm))
sources_conformance := $(sort $(wildcard tests/conformance/*.c tests/conformance/*.asm)) $(families)

layers := lib arch boot kernel tests
object = $(patsubst %,$(build)/kernel.d/%.o,$(1))
kernel_objects := $(call object,$(foreach l,$(filter-out tests,$(layers)),$(sources_$(l))))
selftest_objects := $(call object,$(sources_tests))
conformance_objects := $(call object,$(sources_conformance))

programs := $(patsubst tests/programs/%.c,%,$(filter-out tests/programs/support%,$(sort $(wildcard tests/programs/*.c))))
program_support := $(patsubst %,$(build)/programs.d/%.o,$(sort $(wildcard tests/programs/support*.c tests/programs/*.asm)) \
	lib/printf.c $(wildcard arch/string.c))

unit_tests := $(patsubst tests/unit/%.c,$(build)/unit/%,$(sort $(wildcard tests/unit/*_test.c)))

.PHONY: all
all: $(build)/kernel $(build)/conformance $(build)/native $(programs:%=$(build)/programs/%) $(build)/cr86 $(build)/grub/efi.img

# --- kernel ---

$(build)/kernel $(build)/conformance $(build)/wrong: %: %.debug
	@echo "  STRIP   $@"
	$(V)$(OBJCOPY) --strip-all $< $@

# The kernel with its self-tests, and the kernel with the conformance catalogue.
$(build)/kernel.debug: $(kernel_objects) $(selftest_objects)
$(build)/conformance.debug: $(kernel_objects) $(conformance_objects)
# (with cases that are wrong, for tests/catalogue.t)
$(build)/wrong.debug: $(kernel_objects) $(call object,$(filter-out $(families),$(sources_conformance)) tests/wrong/cases.asm)
$(build)/kernel.debug $(build)/conformance.debug $(build)/wrong.debug: linker.ld
	@echo "  LD      $@"
	$(V)$(LD) -m elf_i386 -static -nostdlib --build-id=none -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments -T linker.ld -o $@ $(filter %.o,$^)

define layer_rules
$(build)/kernel.d/$(1)/%.c.o: $(1)/%.c Makefile
	@echo "  CC      $$<"
	$$(V)mkdir -p $$(@D)
	$$(V)$$(CC) $$(kernel_cflags) $$(include_$(1)) -MMD -MP -c -o $$@ $$<

$(build)/kernel.d/$(1)/%.asm.o: $(1)/%.asm
	@echo "  NASM    $$<"
	$$(V)mkdir -p $$(@D)
	$$(V)$$(NASM) $(nasm_flags) -I$$(<D)/ -MD $$(@:.o=.d) -o $$@ $$<
endef
$(foreach l,$(layers),$(eval $(call layer_rules,$(l))))

$(build)/kernel.d/arch/font.c.o: $(build)/kernel.d/font.c
	@echo "  CC      $<"
	$(V)$(CC) $(kernel_cflags) $(include_arch) -c -o $@ $<

$(build)/kernel.d/font.c: arch/make-font
	@echo "  FONT    $@"
	$(V)arch/make-font >$@

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

# --- the conformance catalogue on this machine's own CPU: a 32-bit Linux program ---

native_cflags := $(clang_target) -std=gnu11 -m32 -O2 -g -fno-strict-aliasing $(warnings) $(reproducible)
native_objects := $(patsubst %,$(build)/native.d/%.o,$(sort $(wildcard tests/native/*.c))) \
	$(filter-out %/kernel.c.o %/scribbler.c.o,$(conformance_objects)) $(patsubst %,$(build)/kernel.d/%.o,$(sources_lib))

$(build)/native.d/%.c.o: %.c Makefile
	@echo "  CC      $<"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(native_cflags) -iquote lib -iquote tests/conformance -MMD -MP -c -o $@ $<

$(build)/native: $(native_objects)
	@echo "  LD      $@"
	$(V)$(CC) $(clang_target) -m32 -static -Wl,-z,noexecstack,--build-id=none -o $@ $^

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

# GRUB for all ways to boot; what stands on the medium; and the medium.
$(build)/grub/efi.img: iso/make-grub
	@echo "  GRUB    $(@D)"
	$(V)iso/make-grub $(@D)

$(build)/medium/boot/cr86/grub.cfg: iso/menu.cfg $(build)/kernel $(build)/conformance $(program_files)
	@echo "  MEDIUM  $(build)/medium"
	$(V)rm -rf $(build)/medium
	$(V)mkdir -p $(@D)/programs $(@D)/images
	$(V)for kernel in kernel conformance; do gzip -9n <$(build)/$$kernel >$(@D)/$$kernel.gz; done
	$(V)for program in $(program_files); do $(OBJCOPY) --strip-all $$program $(@D)/programs/$${program##*/}; done
	$(V)cp $< $@

$(build)/cr86.iso: $(build)/medium/boot/cr86/grub.cfg $(build)/grub/efi.img iso/make-iso
	@echo "  ISO     $@"
	$(V)iso/make-iso $(build)/grub $(build)/medium $@

# For a TFTP server: the medium, and the file that starts it by BIOS, and by UEFI of either kind.
$(build)/netboot: $(build)/medium/boot/cr86/grub.cfg $(build)/grub/efi.img
	@echo "  NETBOOT $@"
	$(V)rm -rf $@
	$(V)cp -R $(build)/medium $@
	$(V)cp $(build)/grub/net/* $@

$(build)/misbehave/%: tests/engines/misbehave/%.asm
	@echo "  NASM    $<"
	$(V)mkdir -p $(@D)
	$(V)$(NASM) -f bin -Werror -o $@ $<

# PARALLEL='parallel --jobs 2 --sshlogin ...' spreads the cells, JUNIT=FILE writes the results for a CI system, too.
# GNU parallel takes a variable PARALLEL of the environment for its own options: only make's command line counts here.
parallel := $(if $(filter command,$(firstword $(origin PARALLEL))),$(PARALLEL))
run_tests := $(if $(parallel),--parallel '$(parallel)') $(if $(JUNIT),--junit '$(JUNIT)')

.PHONY: iso netboot run debug test matrix models docs check-style
iso: $(build)/cr86.iso
netboot: $(build)/netboot

run: all
	$(V)tests/main-job

debug: all
	$(V)tests/debug

test: all $(build)/wrong $(unit_tests) $(build)/unit/sample $(patsubst tests/engines/%.asm,$(build)/%,$(wildcard tests/engines/misbehave/*.asm))
	$(V)tests/run-tests --cells tests/cells --when test $(run_tests) $(sort $(wildcard tests/*.t tests/engines/*.t)) $(unit_tests)

# Every line of tests/cells: the catalogue and the programs on the machines that differ.
matrix: all
	$(V)tests/run-tests --cells tests/cells --when matrix $(run_tests)

# The programs on every CPU model of both emulators.
models: all
	$(V)tests/all-models >$(build)/models.cells
	$(V)tests/run-tests --cells $(build)/models.cells --when matrix $(run_tests)

# The pages that are made from data; the tests say when they are not up to date.
docs: $(build)/conformance
	$(V)tests/list-cases >$(build)/CASES.md
	$(V)tests/defects >$(build)/DEFECTS.md
	$(V)mv $(build)/CASES.md $(build)/DEFECTS.md docs

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
