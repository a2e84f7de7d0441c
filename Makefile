# SPDX-License-Identifier: GPL-2.0-only
#
# make                 kernel, programs, host command
# make run             the main job: checkpoint on one emulated CPU, restart on others
# make test            all tests        make bench   guest instructions per operation
# make iso             build/cr86.iso   make netboot build/netboot, the same for a TFTP server
# make debug           QEMU and gdb, at the first ring-3 instruction
# make matrix          every cell       make models  the programs on every CPU model
# make mutants         kernels with one step broken: is it noticed?
# make defects         does each known defect of an engine still show?
# make fuzz            each fuzz target for FUZZ seconds (60)
# make coverage        which lines of the reader, and which refusals, the unit tests reach
# make soak            long runs: SOAK=rounds, or 90s, 30m, 8h; SEED=
# make docs            the pages that are made from data      make screenshots  README.md's pictures
# make check-style     clang-format, shellcheck
# make clean
#
# CROSS_COMPILE and CC work as in Linux's Makefile: make CC=clang, make CROSS_COMPILE=i386-elf-

CROSS_COMPILE ?= i686-linux-gnu-
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
OBJDUMP := $(CROSS_COMPILE)objdump
HOSTCC ?= cc
NASM ?= nasm
V := $(if $(V),,@)

build := build

warnings := -Wall -Wextra -Werror -Wmissing-prototypes -Wvla
reproducible := -ffile-prefix-map=$(CURDIR)=.
clang_target := $(if $(findstring clang,$(CC)),--target=i686-linux-gnu)

# The kernel holds no floating-point or SSE instruction of its own: those registers belong to the tasks, always.
# Nothing in it wants a stack aligned to more than a word, nor code aligned at every jump.
packed := -falign-functions=4 -falign-loops=1 $(if $(clang_target),-mstack-alignment=4,-mpreferred-stack-boundary=2 -falign-jumps=1 -falign-labels=1)
kernel_cflags := $(clang_target) -std=gnu11 -m32 -march=i486 -Os -g -ffreestanding -fbuiltin -mgeneral-regs-only -fno-pic -fno-pie \
	-fstack-protector-strong -mstack-protector-guard=global \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common -fcf-protection=none $(packed) \
	$(warnings) $(reproducible)
kernel_cflags += -ffunction-sections # so that the linker can leave out what no kernel calls
# Small is fast enough for all but these, which make bench measures or the catalogue waits for.
fast := $(addprefix arch/,context debugreg fpu frames gdt paging screen string timer tss) \
	$(addprefix kernel/,checkpoint files mm requests restart status store syscall task trap) \
	$(addprefix lib/,checkpoint crc32 restart validate xstate) $(patsubst %.c,%,$(wildcard tests/conformance/*.c)) tests/hostile/cost
program_cflags := $(clang_target) -std=gnu11 -m32 -march=i486 -O2 -g -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -fcf-protection=none $(warnings) $(reproducible)
nasm_flags := -f elf32 -g -F dwarf -Werror
host_cflags := -std=gnu11 -O2 -g $(warnings)

# Dependencies point down this list only, and the include paths enforce it.
include_lib := -Ilib
include_arch := -Iarch $(include_lib)
include_boot := -Iboot $(include_arch)
include_kernel := -Ikernel $(include_boot)
include_tests := -Itests -Itests/conformance -Itests/selftest -Itests/hostile -Itests/attack $(include_kernel)

sources_lib := $(sort $(wildcard lib/*.c))
sources_arch := $(sort $(wildcard arch/*.c arch/*.asm) arch/font.c)
sources_boot := $(sort $(wildcard boot/*.c boot/*.asm))
sources_kernel := $(sort $(wildcard kernel/*.c))
sources_showme := $(sort $(wildcard kernel/showme/*.c))
sources_tests := $(sort $(wildcard tests/selftest/*.c))
sources_hostile := $(sort $(wildcard tests/hostile/*.c)) tests/selftest/selftest.c

# A family of cases is a file; make families=tests/cases/x87.asm links that one alone.
families := $(sort $(wildcard tests/cases/*.asm))
sources_conformance := $(sort $(wildcard tests/conformance/*.c tests/conformance/*.asm)) $(families)

sources_witness := tests/attack/witness.c tests/hostile/machine.c
sources_soak := $(sources_witness) $(sort $(wildcard tests/soak/*.c))
sources_attack := $(sources_witness) tests/attack/attack.c

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
all: $(build)/kernel $(build)/selftest $(build)/conformance $(build)/showme $(build)/hostile $(build)/soak $(build)/attack $(build)/restarter $(build)/native \
	$(programs:%=$(build)/programs/%) $(build)/programs/hostile $(build)/cr86 $(build)/grub/efi.img

# --- kernel ---

kernels := $(addprefix $(build)/,kernel selftest conformance showme hostile soak attack wrong faulty)
$(kernels): %: %.debug
	@echo "  STRIP   $@"
	$(V)$(OBJCOPY) --strip-all $< $@

# The kernel; with its self-tests, for the tests; and with the conformance catalogue.
$(build)/kernel.debug: $(kernel_objects)
$(build)/selftest.debug: $(kernel_objects) $(selftest_objects)
$(build)/conformance.debug: $(kernel_objects) $(conformance_objects)
# The kernel that shows a switch; the lines of source that are its steps, it finds in what the compilers tell gdb.
$(build)/showme.debug: $(kernel_objects) $(call object,$(sources_showme))
$(build)/showme.debug: steps = kernel/showme/make-steps $@.first kernel/showme/steps
$(build)/showme.debug: kernel/showme/make-steps kernel/showme/steps
# The kernel with hostile images and failing allocations as its self-tests.
$(build)/hostile.debug: $(kernel_objects) $(call object,$(sources_hostile))
# (with cases that are wrong, for tests/catalogue.t)
$(build)/wrong.debug: $(kernel_objects) $(call object,$(filter-out $(families),$(sources_conformance)) tests/wrong/cases.asm)
# Tests that watch tasks from inside.
$(build)/soak.debug: $(kernel_objects) $(call object,$(sources_soak))
$(build)/attack.debug: $(kernel_objects) $(call object,$(sources_attack))
# (with faults of its own, for tests/hardening.t)
$(build)/faulty.debug: $(kernel_objects) $(call object,tests/faulty/faulty.c)

# Linked twice: the names of the first kernel's functions become the second one's table of symbols (kernel/symbols.h),
# and what a boot loader would load of the first one gives the second its id. The text is the same in both.
ld_kernel = $(LD) -m elf_i386 -static -nostdlib -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments --gc-sections -T linker.ld
$(kernels:%=%.debug): linker.ld kernel/make-symbols $(build)/kernel.d/syscalls kernel/syscall.c
	@echo "  LD      $@"
	$(V)$(ld_kernel) --build-id=none -o $@.first $(filter %.o,$^)
	$(V)$(NM) $@.first | kernel/make-symbols $(build)/kernel.d/syscalls kernel/syscall.c >$@.symbols
	$(V)$(if $(steps),OBJDUMP=$(OBJDUMP) $(steps) >>$@.symbols)
	$(V)$(NASM) -f elf32 -Werror -o $@.symbols.o $@.symbols
	$(V)$(OBJCOPY) -O binary $@.first $@.bytes
	$(V)$(ld_kernel) --build-id=0x$$(sha1sum <$@.bytes | cut -c 1-40) -o $@ $(filter %.o,$^) $@.symbols.o
	$(V)rm $@.first $@.symbols $@.symbols.o $@.bytes

# Linux's names of its system calls.
$(build)/kernel.d/syscalls:
	@echo "  CPP     $@"
	$(V)mkdir -p $(@D)
	$(V)echo '#include <asm/unistd_32.h>' | $(HOSTCC) -E -dM - >$@.new
	$(V)mv $@.new $@

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

# What is rarely needed of a function stays behind the rest of it: jumps to another section are longer.
$(fast:%=$(build)/kernel.d/%.c.o): kernel_cflags += -O2 $(if $(clang_target),,-fno-reorder-blocks-and-partition)
# Its functions copy fields of fixed size into records; the canaries of so many small ones would show in make bench.
$(build)/kernel.d/lib/checkpoint.c.o: kernel_cflags += -fno-stack-protector
$(build)/kernel.d/arch/font.c.o: $(build)/kernel.d/font.c
	@echo "  CC      $<"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(kernel_cflags) $(include_arch) -c -o $@ $<

$(build)/kernel.d/font.c: arch/make-font
	@echo "  FONT    $@"
	$(V)mkdir -p $(@D)
	$(V)arch/make-font >$@

# The compiler must not see memcpy in memcpy's own loops.
$(build)/kernel.d/arch/string.c.o: kernel_cflags += -fno-builtin

# --- ring-3 programs ---

$(build)/programs.d/%.c.o: %.c
	@echo "  CC      $<"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(program_cflags) -Itests -Itests/programs $(include_lib) -MMD -MP -c -o $@ $<

$(build)/programs.d/%.asm.o: %.asm
	@echo "  NASM    $<"
	$(V)mkdir -p $(@D)
	$(V)$(NASM) $(nasm_flags) -MD $(@:.o=.d) -o $@ $<

define link_program
	@echo "  LD      $@"
	$(V)mkdir -p $(@D)
	$(V)$(LD) -m elf_i386 -static -nostdlib --build-id=none -z noexecstack -z max-page-size=4096 $(link_script) -o $@ $(filter %.o,$^)
endef

$(build)/programs/%: $(build)/programs.d/tests/programs/%.c.o $(program_support)
	$(link_program)

# The program that restarts damaged images of itself.
restarter_objects := $(patsubst %,$(build)/programs.d/%.o,$(sort $(wildcard tests/restarter/*.c tests/restarter/*.asm)) lib/xstate.c)
$(build)/restarter: link_script = -T $(filter %.ld,$^)
$(build)/restarter: $(restarter_objects) $(program_support) tests/restarter/landing.ld
	$(link_program)

# The hostile program, for build/attack.
$(build)/programs/hostile: $(patsubst %,$(build)/programs.d/%.o,$(sort $(wildcard tests/attack/program/*.c))) $(program_support)
	$(link_program)

# --- the conformance catalogue on this machine's own CPU: a 32-bit Linux program ---

# The engine's objects keep the kernel's stack alignment; the C library, which these call for it, has its own.
native_cflags := $(clang_target) -std=gnu11 -m32 -O2 -g -mstackrealign -fno-strict-aliasing $(warnings) $(reproducible)
native_objects := $(patsubst %,$(build)/native.d/%.o,$(sort $(wildcard tests/native/*.c))) \
	$(filter-out %/kernel.c.o %/scribbler.c.o,$(conformance_objects)) $(patsubst %,$(build)/kernel.d/%.o,$(sources_lib))

$(build)/native.d/%.c.o: %.c Makefile
	@echo "  CC      $<"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(native_cflags) -iquote lib -iquote tests/conformance -MMD -MP -c -o $@ $<

$(build)/native: $(native_objects)
	@echo "  LD      $@"
	$(V)$(CC) $(clang_target) -m32 -static -Wl,-z,noexecstack,--build-id=none -o $@ $^

# --- ordinary Linux programs for the tests: the distribution's compiler and C library, whatever CC is ---

linux_cc := i686-linux-gnu-gcc
linux_cflags := -std=gnu11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE
linux_programs := $(patsubst tests/linux/%.c,$(build)/linux/%,$(sort $(wildcard tests/linux/*.c))) $(build)/linux/start_pie

$(build)/linux/%: tests/linux/%.c tests/linux/digest.h
	@echo "  LINUX   $@"
	$(V)mkdir -p $(@D)
	$(V)$(linux_cc) $(linux_cflags) -static -o $@ $< -lm

$(build)/linux/%_pie: tests/linux/%.c tests/linux/digest.h
	@echo "  LINUX   $@"
	$(V)mkdir -p $(@D)
	$(V)$(linux_cc) $(linux_cflags) -static-pie -o $@ $< -lm

# --- programs of the C library, for Linux and for cr86 ---

hosted_programs := $(build)/hosted/steady $(build)/hosted/steady-pie

$(build)/hosted/%: tests/hosted/%.c
	@echo "  CC      $@"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(native_cflags) -fno-pie -static -o $@ $<

$(build)/hosted/%-pie: tests/hosted/%.c
	@echo "  CC      $@"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(native_cflags) -fpie -static-pie -o $@ $<

# --- host command and unit tests ---

host_objects := $(patsubst lib/%.c,$(build)/host.d/lib/%.o,$(sources_lib))

$(build)/host.d/%.o: %.c
	@echo "  HOSTCC  $<"
	$(V)mkdir -p $(@D)
	$(V)$(HOSTCC) $(host_cflags) -iquote lib -MMD -MP -c -o $@ $<

$(build)/cr86: $(patsubst %.c,$(build)/host.d/%.o,$(sort $(wildcard tools/*.c))) $(host_objects)
	@echo "  HOSTLD  $@"
	$(V)$(HOSTCC) -o $@ $^

# (kernel/vma.c is as pure as lib/)
$(build)/host.d/tests/unit/%.o: host_cflags += -iquote kernel
$(build)/unit/vma_test $(build)/coverage/vma_test: $(build)/host.d/kernel/vma.o

$(build)/unit/%: $(build)/host.d/tests/unit/%.o $(host_objects)
	@echo "  HOSTLD  $@"
	$(V)mkdir -p $(@D)
	$(V)$(HOSTCC) -o $@ $^ -lz

# Drivers, on ports that are the test's.
ports_objects := $(patsubst %,$(build)/ports.d/%.o,tests/unit/ports_test.c arch/keyboard.c arch/measure.c arch/pci.c arch/serial.c)

$(build)/ports.d/%.c.o: %.c
	@echo "  CC      $<"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(native_cflags) -include tests/unit/ports.h -iquote lib -iquote arch -MMD -MP -c -o $@ $<

$(build)/unit/ports_test: $(ports_objects)
	@echo "  LD      $@"
	$(V)mkdir -p $(@D)
	$(V)$(CC) $(clang_target) -m32 -static -o $@ $^

# The same tests with gcc's counters in lib/, for tests/coverage.t.
coverage_tests := $(patsubst $(build)/unit/%,$(build)/coverage/%,$(filter-out %/ports_test,$(unit_tests)))

$(build)/coverage.d/%.o: %.c
	@echo "  GCC     $<"
	$(V)mkdir -p $(@D)
	$(V)gcc -std=gnu11 -O0 --coverage $(warnings) -iquote lib -MMD -MP -c -o $@ $<

$(build)/coverage/%: $(build)/host.d/tests/unit/%.o $(sources_lib:%.c=$(build)/coverage.d/%.o)
	@echo "  GCC     $@"
	$(V)mkdir -p $(@D)
	$(V)gcc --coverage -o $@ $^ -lz

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

$(build)/medium/boot/cr86/grub.cfg: iso/menu.cfg $(build)/kernel $(build)/selftest $(build)/conformance $(build)/showme $(program_files)
	@echo "  MEDIUM  $(build)/medium"
	$(V)rm -rf $(build)/medium
	$(V)mkdir -p $(@D)/programs $(@D)/images $(@D)/sums
	$(V)for kernel in kernel selftest conformance showme; do gzip -9n <$(build)/$$kernel >$(@D)/$$kernel.gz; done
	$(V)for program in $(program_files); do $(OBJCOPY) --strip-all $$program $(@D)/programs/$${program##*/}; done
	$(V)cd $(@D) && for file in *.gz; do sha256sum $$file >sums/$$file; done && sha256sum programs/* >sums/programs
	$(V){ for list in sums programs; do echo "set $$list='$$(cd $(@D)/$$list && echo *)'"; done; cat $<; } >$@

$(build)/cr86.iso: $(build)/medium/boot/cr86/grub.cfg $(build)/grub/efi.img iso/make-iso
	@echo "  ISO     $@"
	$(V)iso/make-iso $(build)/grub $(build)/medium $@

# For a TFTP server: the medium, and the file that starts it by BIOS, and by UEFI of either kind.
$(build)/netboot: $(build)/medium/boot/cr86/grub.cfg $(build)/grub/efi.img
	@echo "  NETBOOT $@"
	$(V)rm -rf $@
	$(V)cp -R $(build)/medium $@
	$(V)cp $(build)/grub/net/* $@

$(build)/misbehave/%: tests/engines/misbehave/%.asm tests/engines/misbehave/load.inc
	@echo "  NASM    $<"
	$(V)mkdir -p $(@D)
	$(V)$(NASM) -f bin -Werror -I$(<D)/ -o $@ $<

include tests/fuzz/fuzz.mk

# PARALLEL='parallel --jobs 2 --sshlogin ...' spreads the cells, JUNIT=FILE writes the results for a CI system, too.
# GNU parallel takes a variable PARALLEL of the environment for its own options: only make's command line counts here.
parallel := $(if $(filter command,$(firstword $(origin PARALLEL))),$(PARALLEL))
run_tests := $(if $(parallel),--parallel '$(parallel)') $(if $(JUNIT),--junit '$(JUNIT)')

.PHONY: iso netboot run debug test coverage matrix models docs check-style
iso: $(build)/cr86.iso
netboot: $(build)/netboot

run: all
	$(V)tests/main-job

debug: all
	$(V)tests/debug

test: all $(build)/cr86.iso $(build)/netboot $(linux_programs) $(hosted_programs) $(build)/wrong $(build)/faulty $(unit_tests) $(coverage_tests) $(fuzz_binaries) $(build)/unit/sample $(patsubst tests/engines/%.asm,$(build)/%,$(wildcard tests/engines/misbehave/*.asm))
	$(V)tests/run-tests --cells tests/cells --when test $(run_tests) \
		$(sort $(filter-out tests/fuzz.t,$(wildcard tests/*.t tests/engines/*.t))) $(fuzz_tests) $(unit_tests)

coverage: $(coverage_tests)
	$(V)tests/coverage.t

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

# The pictures in README.md; the same kernels give the same.
.PHONY: screenshots
screenshots: all $(build)/faulty
	$(V)tests/screenshots docs

check-style:
	$(V)prove tests/style.t

# Does each entry of tests/known-defects still show what it claims?
.PHONY: defects
defects: all
	$(V)tests/reproduce

# Guest instructions per operation, against their bounds and other kernels.
.PHONY: bench
bench: all $(build)/misbehave/hearsay
	$(V)tests/bench

# The long runs; SOAK= says how long (a number of rounds, or 90s, 30m, 8h), SEED= where they begin.
.PHONY: soak
soak: all
	$(V)SOAK='$(or $(SOAK),100000)' SEED='$(or $(SEED),1)' tests/run-soak

# Kernels with one step broken: does a test notice each?
.PHONY: mutants
mutants: all
	$(V)tests/mutate
