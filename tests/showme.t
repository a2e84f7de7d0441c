#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Show-me mode, from outside: what it says of a context switch is compared with the debug information of its kernel, with
# what QEMU's monitor reads from the machine at each step, and with what its gdbstub finds when the task runs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Gdbstub;
use Machine;
use Screen;
use Test::More;
use Time::HiRes qw(sleep time);

my $kernel = "$root/build/showme";
my $counter = "$root/build/programs/counter";
my @two = map { ('--module', "$counter=$_") } qw(one two);
my @holders = qw(leaves CPU comes);

# --- reading the text ---

# A register's three values, each with the marks behind it; "" as name is a lower part of the one above.
sub cells
{
	my ($line) = @_;
	my ($part, @cells) = (0);

	while ($line =~ /\G\s*(?:([A-Za-z]\w*) +)?([0-9a-f_]+|-)(?!\w)(\*?) *(=?)([0-9a-f_]+|-)(?!\w)(\*?) *(=?)([0-9a-f_]+|-)(?!\w)(\*?)/g) {
		push @cells, { name => $1 // '', value => [ $2, $5, $8 ], changed => [ $3, $6, $9 ], same => [ $4, $7 ] };
	}
	return @cells;
}

# The steps, in the order in which they were shown: where, source, what, register => cell.
sub steps
{
	my ($console) = @_;
	my (@steps, $step, $name);

	for (map { /^# ?(.*)/ ? $1 : () } split /\n/, $console) {
		if (/^show-me: step (\d+) of (\d+)$/) {
			push @steps, $step = { number => $1, of => $2, lines => [$_] };
			next;
		}
		next unless $step;
		undef $step, next if /^(PASSED|FAILED): /;
		push @{ $step->{lines} }, $_;
		if (@{ $step->{lines} } == 2) {
			($step->{where}, $step->{source}) = /^(\S+:\d+|ring 3): (.*)$/;
		} elsif (@{ $step->{lines} } == 3) {
			$step->{what} = $_;
		} elsif (@{ $step->{lines} } > 5) {
			for my $cell (cells($_)) {
				$name = $cell->{name} || "$name-low";
				$step->{register}{$name} = $cell;
			}
		}
	}
	return @steps;
}

sub value
{
	my ($step, $holder, $name) = @_;
	return $step->{register}{$name}{value}[$holder];
}

# --- is the text right? ---

sub plain
{
	return $_[0] =~ s/\s+/ /gr =~ s/^ | $//gr;
}

# Each step's line stands in the source; and the CPU, where that step is over, stands at the code of the next one's line.
sub lines_are_right
{
	my ($name, @steps) = @_;
	my @eips = map { value($_, 1, 'eip') } @steps[1 .. $#steps - 1];
	my @found = split /\n/, qx(addr2line -e $kernel.debug @eips);

	for my $n (1 .. $#steps) {
		my ($file, $line) = split /:/, $steps[$n]{where};
		my $there = plain((split /\n/, slurp("$root/$file"))[ $line - 1 ] // '');

		is(substr($there, 0, length $steps[$n]{source}), $steps[$n]{source}, "$name: $steps[$n]{where} is that line");
		like($found[ $n - 1 ], qr{/\Q$steps[$n + 1]{where}\E(?: |$)}, '  and when it is over, the CPU stands at the next') if $n < $#steps;
	}
}

# A mark says that the value is another than one step before; "=", that it is the same as the one to its right.
sub marks_are_right
{
	my ($name, @steps) = @_;
	my ($marks, @wrong) = (0);

	for my $n (1 .. $#steps) {
		for my $register (sort keys %{ $steps[$n]{register} }) {
			my $cell = $steps[$n]{register}{$register};

			for my $holder (0 .. 2) {
				my $other = ($steps[ $n - 1 ]{register}{$register}{value}[$holder] // 'none') ne $cell->{value}[$holder];
				$marks += $other;
				push @wrong, "step $n, $register of $holders[$holder]" if $other xor $cell->{changed}[$holder];
			}
			for my $holder (0, 1) {
				my $same = $cell->{value}[$holder] eq $cell->{value}[ $holder + 1 ] && $cell->{value}[$holder] ne '-';
				push @wrong, "step $n, = of $register" if $same xor $cell->{same}[$holder];
			}
		}
	}
	is("@wrong", '', "$name: $marks values have changed and are marked, no other is");
	cmp_ok($marks, '>=', 60, '  which is a whole switch');
}

# What the CPU held when it all began, the memory of one task has in the end; what the memory of the other one had, the
# CPU holds.
sub all_has_moved
{
	my ($name, $not_moved, @steps) = @_;
	my ($first, $last) = @steps[ 0, -1 ];
	my @names = grep { !/$not_moved/ } sort keys %{ $last->{register} };
	my %differ = map { $_ => value($last, 0, $_) ne value($last, 2, $_) } @names;

	is_deeply([ map { value($last, 0, $_) } @names ], [ map { value($first, 1, $_) } @names ],
		"$name: each of " . @names . ' values that the CPU held is saved');
	is_deeply([ map { value($last, 1, $_) } @names ], [ map { value($last, 2, $_) } @names ],
		'  and it holds each one of the other task');
	ok($differ{$_}, "  $_ is another") for grep { defined $differ{$_} } qw(eax ebx ecx edx esi edi ebp DR7 gdt6 gdt7 CR3 ESP0 ST0 ST7 XMM0 XMM7);
}

sub step_of
{
	my ($source, @steps) = @_;
	my ($step) = grep { $_->{source} =~ /^\Q$source\E/ } @steps;
	return $step // { register => {} };
}

# Which registers change at a step, with whose value, as the manual and the switch's design have it.
sub changes
{
	my ($step) = @_;
	return join ' ', map {
		my $cell = $step->{register}{$_};
		map { $cell->{changed}[$_] ? "$cell->{name}:$holders[$_]" : () } 0 .. 2
	} sort grep { !/-low$/ } keys %{ $step->{register} };
}

sub steps_do_what_they_say
{
	my ($name, @steps) = @_;
	my $kernel_works = qr/(?:e\w\w|eflags):CPU/;
	my @expected = (
		[ 'push dword 0', qr/^cs:leaves cs:CPU eflags:leaves eflags:CPU eip:leaves eip:CPU esp:leaves esp:CPU ss:leaves ss:CPU$/ ],
		[ 'pushad', qr/^eax:leaves ebp:leaves ebx:leaves ecx:leaves edi:leaves edx:leaves eip:CPU esi:leaves esp:CPU$/ ],
		[ 'push ds', qr/^ds:leaves eip:CPU es:leaves esp:CPU fs:leaves gs:leaves$/ ],
		[ 'mov eax, ss', qr/^ds:CPU eax:CPU (eflags:CPU )?eip:CPU es:CPU esp:CPU$/ ],
		[ 'paging_activate', qr/^CR3:CPU( $kernel_works)+$/ ],
		[ 'gdt_load_tls', qr/^( ?$kernel_works)+ gdt6:CPU gdt7:CPU$/ ],
		[ 'debugregs_load', qr/^DR1:CPU DR2:CPU DR7:CPU( $kernel_works)+$/ ],
		[ 'tss_set_stack', qr/^ESP0:CPU( $kernel_works)+$/ ],
		[ 'pop gs', qr/^eip:CPU esp:CPU$/ ],
		[ '.data: pop es', qr/^ds:CPU eip:CPU es:CPU esp:CPU$/ ],
		[ 'popad', qr/^eax:CPU ebp:CPU ebx:CPU ecx:CPU edi:CPU edx:CPU (eflags:CPU )?eip:CPU esi:CPU esp:CPU$/ ],
		[ 'iretd', qr/^cs:CPU (eflags:CPU )?eip:CPU esp:CPU ss:CPU$/ ],
	);
	like(changes(step_of($_->[0], @steps)), $_->[1], "$name: $_->[0]: these change") for @expected;
}

sub text_is_right
{
	my ($name, $console, $not_moved) = @_;
	my @steps = steps($console);

	is(scalar @steps, 20, "$name: the task in ring 3, and 19 steps") or return;
	is_deeply([ map { $_->{number} } @steps ], [ 0 .. $steps[0]{of} ], '  in their order');
	is(scalar(grep { length > 78 } map { @{ $_->{lines} } } @steps), 0, '  with nothing that a screen cuts off');
	lines_are_right($name, @steps);
	marks_are_right($name, @steps);
	all_has_moved($name, $not_moved, @steps);
	steps_do_what_they_say($name, @steps);
	return @steps;
}

# --- by itself: every way to keep FPU state ---

my $no_registers = qr/^(?:orig_eax|CR0)$/;    # of any task
my $fpu = qr/^(?:F\w+|ST\d|MXCSR|[XY]MM.*)$/;

# QEMU's FNINIT, FLDENV and FRSTOR treat the pointers as if they were not there (tests/known-defects).
my $pointers = qr/^F(?:CS|IP|DS|DP|OP)$/;

sub begin_auto
{
	my ($cpu, $options, $not_moved) = @_;
	my $machine = begin('qemu', '--cpu', $cpu, '--kernel', $kernel, '--append', "showme=auto$options", @two);

	return { %$machine, name => "$cpu$options", lazy => scalar($options =~ /lazy/),
		not_moved => $not_moved ? qr/$no_registers|$not_moved/ : $no_registers };
}

for (map { begin_auto(@$_) } [ 'Haswell', '' ], [ 'Haswell', ' fpu=lazy', $fpu ], [ 'pentium3', '' ], [ '486', '', $pointers ]) {
	my $machine = finish($_);
	my $name = $machine->{name};

	problems_of($machine, "$name: both tasks count on undisturbed");
	my @steps = text_is_right($name, $machine->{console}, $machine->{not_moved});
	my ($before, $after) = map { hex(value($_, 1, 'CR0')) & 8 } @steps[ 0, -1 ];
	is("$before $after", $machine->{lazy} ? '0 8' : '0 0', "$name: CR0.TS is set where the FPU is not loaded");
}

my $without = boot('qemu', '--kernel', "$root/build/kernel", '--append', 'showme=yes', @two);
like($without->{console}, qr{^Bail out! .*boot build/showme}m, 'another kernel says which one has it');

# --- steps that are none: the build says so ---

sub refused
{
	my ($line, $why) = @_;
	my $steps = write_file(scratch() . '/steps', "$line\n");
	my $said = qx(cd $root && kernel/showme/make-steps build/showme.debug $steps 2>&1);

	ok($? != 0, "refused: $line");
	like($said, $why, '  and why');
}

refused('arch/context.c: fpu_leave(from); => Gone.', qr{"fpu_leave\(from\);" stands in arch/context.c 0 times, not once});
refused('arch/context.c: #include "tss.h" => No code.', qr{arch/context.c:3 has no code in });
refused('arch/context.c: tss_set_stack(to->frame + 1);', qr{not FILE: TEXT => what: });
refused('arch/context.c: tss_set_stack(to->frame + 1); => ' . 'Too long. ' x 8, qr{is longer than 78 characters});

# --- at a key: what QEMU finds in the machine at each step ---

my @machine = (qw(-cpu Haswell -kernel), $kernel, '-initrd', "$counter name=one,$counter name=two", '-append');

sub soon
{
	my ($condition) = @_;
	my $end = time + 10;

	until ($condition->()) {
		return 0 if time > $end;
		sleep 0.02;
	}
	return 1;
}

# 32-bit words of memory, at an address of the running task's.
sub words
{
	my ($machine, $address, $count) = @_;
	my $said = monitor($machine, sprintf 'x /%dwx 0x%x', $count, $address);
	return map { /0x([0-9a-f]{8})\b/g } $said =~ /^[0-9a-f]+: (.*)/mg;
}

# The CPU's registers by the names that the picture has for them, all as numbers without leading zeros.
sub registers
{
	my ($machine) = @_;
	my $said = monitor($machine, 'info registers');
	my %r = map { lc $_ } $said =~ /\b(E[A-DS][XPI]|EIP)=([0-9a-f]+)/g;

	$r{$1} = $2 while $said =~ /\b(CR[03]|DR[0-36]|FCW|FSW|FTW|MXCSR)=([0-9a-f]+)/g;
	$r{DR6} = sprintf '%x', hex($r{DR6}) & 0xe00f;    # without the bits that are always set
	$r{DR7} = sprintf '%x', hex($1) & ~0x400 if $said =~ /DR7=([0-9a-f]+)/;
	($r{LDTR}) = $said =~ /^LDT=([0-9a-f]+)/m;
	($r{eflags}) = $said =~ /EFL=([0-9a-f]+)/;
	($r{lc $1}, $r{"base of $1"}, $r{"limit of $1"}) = ($2, $3, $4) while $said =~ /^([C-GS]S) =([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)/mg;
	$r{'ST' . (($1 - hex($r{FSW}) / 2048) & 7)} = "$3$2" while $said =~ /FPR(\d)=([0-9a-f]{16}) ([0-9a-f]{4})/g;
	@r{"YMM$1_Hi128", "YMM$1_Hi128-low", "XMM$1", "XMM$1-low"} = ($2, $3, $4, $5)
		while $said =~ /YMM0(\d)=(\w{16}) (\w{16}) (\w{16}) (\w{16})/g;
	my ($gdt) = $said =~ /^GDT= +([0-9a-f]+)/m;
	my ($tss) = $said =~ /^TR =\w+ ([0-9a-f]+)/m;
	my @tls = words($machine, hex($gdt) + 6 * 8, 6);
	$r{"gdt$_"} = $tls[ 2 * $_ - 11 ] . $tls[ 2 * $_ - 12 ] for 6 .. 8;
	($r{ESP0}) = words($machine, hex($tss) + 4, 1);
	return map { $_ => number($r{$_}) } keys %r;
}

# Of what the picture says of the CPU, what is not so. The kernel's own code runs on beneath it, in the general registers.
sub not_so
{
	my ($step, %there) = @_;
	return map { number(value($step, 1, $_)) eq $there{$_} ? () : "$_ is $there{$_}" }
		grep { defined $step->{register}{$_} && ($step->{source} eq 'iretd' || !/^(?:e|orig|[cdefgs]s$)/) } sort keys %there;
}

# The screen has the step's first lines, and below them one of its pages, line by line.
sub is_drawn
{
	my ($step, @screen) = @_;
	my $lines = join "\n", map { s/ +$//r } @{ $step->{lines} };
	my $heads = join "\n", @screen[ 0 .. 4 ];
	my $page = join "\n", grep { length } @screen[ 5 .. 23 ];

	return $lines =~ /^\Q$heads\E$/m && $lines =~ /^\Q$page\E$/m;
}

sub screen_is_right
{
	my ($step, $page, @screen) = @_;

	ok(is_drawn($step, @screen), "step $step->{number}, screen: what the serial line has") or diag(join "\n", @screen);
	like($screen[5], $page, '  and of the registers the page where something happens');
	like($screen[24], qr/^space: the next step   page up, page down: /, '  and the keys');
}

my %page = ('fpu_leave' => qr/^MXCSR/, 'fpu_enter' => qr/^MXCSR/);
my $socket = scratch() . '/gdb';
my $machine = start('show-me', @machine, 'showme=yes', '-gdb', "unix:$socket,server=on,wait=off");
my (@steps, %segments);

for my $n (0 .. 19) {
	my $there = soon(sub { console($machine) =~ /^# show-me: step $n of 19$/m && (text_screen($machine))[0] =~ / step $n / });
	my @screen;

	ok($there, "step $n is shown");
	@steps = steps(console($machine));
	soon(sub { @screen = text_screen($machine); is_drawn($steps[-1], @screen) });
	my %there = registers($machine);
	is(scalar @steps, $n + 1, '  and no further one, before a key is pressed');
	is(join(', ', not_so({ %{ $steps[-1] }, source => '' }, %there)), '', '  what it says of the CPU is what QEMU finds there');
	$segments{$n} = join ' ', @there{ 'limit of FS', 'limit of GS' };
	my ($what) = ($steps[-1]{source} // '') =~ /^(\w+)/;
	screen_is_right($steps[-1], $page{ $what // '' } // qr/^eax/, @screen);
	monitor($machine, 'sendkey spc') if $n < 19;
}

# The hidden parts of FS and GS, which no instruction can read: they are loaded by POP, not with the GDT.
my ($pop) = map { $_->{number} } step_of('pop gs', @steps);
is(join(' ', map { $segments{$_} } 0 .. $pop - 1), join(' ', ('10 20') x $pop), 'FS and GS have the limits of the task that leaves');
is(join(' ', map { $segments{$_} } $pop .. 19), join(' ', ('11 21') x (20 - $pop)), '  until they are popped');

monitor($machine, 'sendkey pgdn');
ok(soon(sub { (text_screen($machine))[5] =~ /^FCW/ }), 'page down: the x87 registers');
monitor($machine, 'sendkey pgup');
ok(soon(sub { (text_screen($machine))[5] =~ /^eax/ }), 'page up: back to the first page');

# --- the first instruction of the other task, which the last step is before ---

# A timer tick that came meanwhile may let the first task run once more, before the other one's first instruction.
my $stub = Gdbstub->new($socket);
my $eip = value($steps[-1], 1, 'eip');
my %there;

$stub->breakpoint($eip, 1);
$stub->tell('c');
soon(sub { monitor($machine, 'info status') =~ /running/ });
monitor($machine, 'sendkey spc');
$stub->hear;
$stub->breakpoint($eip, 0);
for (1 .. 100) {
	%there = registers($machine);
	last if $there{CR3} eq number(value($steps[-1], 1, 'CR3'));
	$stub->ask('s');
	$stub->to_breakpoint($eip);
}
is(join(', ', not_so($steps[-1], %there)), '', 'a breakpoint where the other task goes on: the CPU holds all that the last step says');
cmp_ok(scalar(grep { defined $steps[-1]{register}{$_} } keys %there), '>=', 60, '  which is a lot');
$stub->leave;
ok(wait_for($machine, qr/^1\.\.3\n# PASSED: /m, 30), 'then both tasks go on and count to their ends');
like(join("\n", text_screen($machine)), qr/^ cr86 .*\n.*#####/s, 'and the screen is as it was, with the verdict');
stop($machine);

# --- nobody there to press a key ---

$machine = start('no keyboard', @machine, 'showme=yes', '-machine', 'pc,i8042=off');
ok(wait_for($machine, qr/^1\.\.3\n# PASSED: /m, 30), 'without a keyboard it goes on by itself');
is(scalar steps(console($machine)), 20, '  through all steps');
stop($machine);

# --- from the medium, by the menu ---

$machine = start('ISO', @cd);
ok(soon(sub { monitor($machine, 'sendkey s'); sleep 0.2; console($machine) =~ /^TAP version/m }), 'the menu has it')
	and ok(wait_for($machine, qr/^# show-me: step 0 of 19/m, 10), '  and it begins');
stop($machine);
done_testing();
