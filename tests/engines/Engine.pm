# SPDX-License-Identifier: GPL-2.0-only
#
# What all engine adapters share: options, the watched run, and the verdict.
#
# An adapter describes its emulator in a hash and calls Engine::main. The machine's tests pass through to standard
# output with numbers of our own; the last test is always the engine's: whether the machine started once, printed a
# complete plan and left as it should. So a machine that is silent, hangs, resets or stops half-way fails by name.
#
# The conformance catalogue has more to say than the case that a machine died in: the machine is booted again, told by
# the kernel option resume=N to report that case as one that died, and goes on with the next.
package Engine;

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Path qw(make_path remove_tree);
use File::Spec;
use File::Temp qw(tempdir);
use Engine::Console;
use Engine::Defects;
use FindBin;
use Getopt::Long qw(GetOptionsFromArray :config no_ignore_case no_auto_abbrev);
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(sleep time);

our $root = abs_path("$FindBin::Bin/../..");
my $deaths_allowed = 20;    # in one run of the catalogue; more than so many are no matter of single cases

my @logs = qw(console.log emulator.log emulator.err);    # of a boot, in its directory
my $child;    # the emulator's process id while it runs: whoever ends us ends it, too
$SIG{$_} = sub { stop(); exit 128 + 15 } for qw(TERM INT HUP PIPE);
END { my $status = $?; stop(); $? = $status }

sub stop
{
	return unless $child;
	kill 'KILL', $child;
	waitpid $child, 0;
	undef $child;
}

# --- the command line ---

sub usage
{
	my ($engine) = @_;
	my $own = join '', map { sprintf "  %-21s %s\n", @$_ } @{ $engine->{usage} };

	return <<"END";
Usage: tests/engines/$engine->{name} [options]
Boots cr86 in $engine->{title} and prints TAP; exit status 0 only when a complete plan passed.

  --cpu MODEL           CPU model (default $engine->{cpu})
  --accel tcg|kvm       (kvm: QEMU only, and only where a probe passes)
  --boot kernel|iso     (default $engine->{boot}; iso1 is an ISO with GRUB speaking Multiboot 1 instead of 2)
  --append OPTIONS      kernel options; exit=debug and image=debug are added unless given
  --module FILE[=NAME]  a boot module: a program, or an image to restart; may be repeated
  --out DIR             keep console.log, the images (NAME.img) and the emulator's own logs there
  --timeout S           end the machine S seconds after its start (default 60)
  --silence S           in a case of the catalogue: end it after S seconds without output (default 10)
  --known-defects FILE  what is known to be wrong with this engine (default tests/known-defects)
  --memory MB           (default 64)
  --iso FILE            with --boot iso: this medium as it is, whatever it starts
  --kernel FILE         (default build/selftest)
${own}  --models              list the CPU models, each once
  --version             the emulator's version
  --check               boot nothing: only find out whether there is such a machine
${own}  --help
END
}

sub options
{
	my ($engine, @arguments) = @_;
	my %o = (
		cpu => $engine->{cpu}, accel => 'tcg', boot => $engine->{boot}, append => '', module => [],
		timeout => 60, silence => 10, memory => 64, kernel => "$root/build/selftest",
		'known-defects' => "$root/tests/known-defects",
		map { s{=.*}{}r => $engine->{options}{$_} } keys %{ $engine->{options} },
	);
	my @complaints;

	local $SIG{__WARN__} = sub { push @complaints, lc $_[0] =~ s/\s+\z//r };
	GetOptionsFromArray(\@arguments, \%o, 'cpu=s', 'accel=s', 'boot=s', 'append=s', 'module=s@', 'out=s',
		'timeout=f', 'silence=f', 'known-defects=s', 'memory=i', 'iso=s', 'kernel=s', 'help', 'models', 'version', 'check',
		keys %{ $engine->{options} });
	push @complaints, "unexpected argument '$arguments[0]'" if @arguments;
	if ($o{help}) {
		print usage($engine);
		exit 0;
	}
	if ($o{models}) {
		print map { "$_\n" } $engine->{distinct}->();
		exit 0;
	}
	if ($o{version}) {
		print $engine->{version}->(), "\n";
		exit 0;
	}
	trouble(@complaints) if @complaints;
	trouble("--accel $o{accel}: tcg or kvm") unless $o{accel} =~ /^(tcg|kvm)$/;
	trouble("--boot $o{boot}: one of @{$engine->{boots}}") unless grep { $_ eq $o{boot} } @{ $engine->{boots} };
	return \%o;
}

# Trouble before any machine ran is a failed test, too: `Bail out!` would stop all other cells that prove runs.
sub trouble
{
	print "not ok 1 - engine: ", join('; ', @_), "\n1..1\n";
	exit 2;
}

sub installed
{
	my ($program) = @_;
	return grep { -x "$_/$program" } split /:/, $ENV{PATH};
}

sub check_model
{
	my ($engine, $model) = @_;
	my ($name) = split /,/, $model;    # what follows a comma are features, for the emulator to judge
	my @models = $engine->{models}->();

	return if grep { $_ eq $name } @models;
	trouble("$engine->{title} knows no CPU model '$name'; it has: @models");
}

# The kernel options, with those that are the adapter's business.
sub kernel_options
{
	my ($o) = @_;
	my @words = length $o->{append} ? $o->{append} : ();

	for my $key (qw(exit image)) {
		push @words, "$key=debug" unless $o->{append} =~ /(^|\s)$key=/;
	}
	return "@words";
}

# FILE[=NAME]: a file whose own name has a '=' in it is taken as it is. Returns [file, name].
sub module
{
	my ($argument) = @_;
	my ($file, $name) = -e $argument || $argument !~ /=/ ? ($argument) : $argument =~ /^(.*)=([^=]*)$/s;

	trouble("module $file: $!") unless -f $file && -r _;
	$name //= basename($file) =~ s/\.img$//r;
	trouble("module $file: '$name' is no name for a module (letters, digits, . _ -)") unless $name =~ /^[\w.-]+$/;
	return [ $file, $name ];
}

# The known defects of this engine, version and CPU model. Under KVM, the CPU is Linux's work. An engine that can run in
# a mode with defects of its own has a second name in that mode.
sub defects
{
	my ($engine, $o) = @_;
	my ($entries, $complaints) = Engine::Defects::load($o->{'known-defects'});

	trouble(map { File::Spec->abs2rel($_, $root) } @$complaints) if @$complaints;
	my ($name, $version) = ($o->{accel} // '') eq 'kvm' ? ('kvm', \&linux_version) : @$engine{qw(name version)};
	my @mode = $engine->{mode} ? $engine->{mode}->($o) : ();
	return Engine::Defects->new($entries, [ $name, @mode ], $version, $o->{cpu});
}

sub linux_version
{
	return (POSIX::uname())[2] =~ m{^(\d+(?:\.\d+)*)} ? $1 : '0';
}

sub modules
{
	my ($o) = @_;
	my @modules = map { module($_) } @{ $o->{module} };
	my %seen;

	$seen{ $_->[1] }++ and trouble("two modules are called $_->[1]") for @modules;
	return @modules;
}

# --- one run of the machine ---

# The emulator runs inside DIR and everything it is given lies below it, under fixed names: no path needs quoting, and
# the machine sees the same strings wherever the project lies.
sub prepare
{
	my ($engine, $o) = @_;
	my @modules = modules($o);
	my %run = (engine => $engine, o => $o, options => kernel_options($o), modules => [ map { $_->[1] } @modules ]);

	trouble("kernel $o->{kernel}: $!") unless -f $o->{kernel} && -r _;
	$run{stays} = $run{options} =~ /(^|\s)exit=stay(\s|$)/;

	for (grep { defined } @$o{qw(out gdb monitor)}) {
		$_ = File::Spec->rel2abs($_);
	}
	make_path($o->{out}) if defined $o->{out};
	$run{dir} = $o->{out} // tempdir('cr86-XXXXXX', TMPDIR => 1, CLEANUP => 1);
	copy_in(\%run, [ $o->{kernel}, 'kernel' ], map { [ $_->[0], "modules/$_->[1]" ] } @modules);
	make_iso(\%run) if $o->{boot} =~ /^iso/;
	return \%run;
}

sub copy_in
{
	my ($run, @files) = @_;
	my $machine = "$run->{dir}/machine.new";

	make_path("$machine/modules");
	copy($_->[0], "$machine/$_->[1]") or trouble("$_->[0]: $!") for @files;

	# An earlier run's results must not pass for this one's. They go only now: one of them may have been our module.
	unlink glob_in($run->{dir}, '\.img$') if -e "$run->{dir}/console.log";
	unlink map { "$run->{dir}/$_" } qw(debug.raw), @logs;
	unlink glob_in($run->{dir}, '^(' . join('|', map { quotemeta } @logs) . ')\.\d+$');
	remove_tree("$run->{dir}/machine");
	rename $machine, "$run->{dir}/machine" or trouble("$machine: $!");
}

sub glob_in
{
	my ($dir, $pattern) = @_;
	opendir my $handle, $dir or return;
	return map { "$dir/$_" } grep { /$pattern/ } sort readdir $handle;
}

sub make_iso
{
	my ($run) = @_;
	my $machine = "$run->{dir}/machine";

	if (defined $run->{o}{iso}) {
		copy($run->{o}{iso}, "$machine/cr86.iso") or trouble("$run->{o}{iso}: $!");
		return;
	}
	my $multiboot = $run->{o}{boot} eq 'iso1' ? 1 : 2;
	my @said = run_quietly("$root/iso/make-entry", '--multiboot', $multiboot, '--append', $run->{options},
		"$machine/tree", "$machine/kernel", map { "$machine/modules/$_" } @{ $run->{modules} });

	@said = run_quietly("$root/iso/make-iso", "$root/build/grub", "$machine/tree", "$machine/cr86.iso") unless @said;
	trouble("iso: @said") if @said;
}

sub shell_word
{
	my ($word) = @_;
	return $word =~ m{^[\w./=:,+-]+$} ? $word : "'" . $word =~ s/'/'\\''/gr . "'";
}

sub start
{
	my ($run, @command) = @_;
	# So that the emulator does not outlive us even if we are killed by a signal that cannot be caught.
	my @tied = installed('setpriv') ? qw(setpriv --pdeathsig KILL) : ();

	write_file("$run->{dir}/command", join(' ', map { shell_word($_) } @command) . "\n");
	$child = fork // trouble("fork: $!");
	return if $child;

	$SIG{$_} = 'DEFAULT' for qw(TERM INT HUP PIPE);
	chdir $run->{dir} or POSIX::_exit(127);
	open STDIN, '<', '/dev/null';
	open STDOUT, '>', $run->{engine}{stdout};
	open STDERR, '>', 'emulator.err';
	exec @tied, @command or POSIX::_exit(127);
}

# Why the machine, which still runs, has to be ended; undef: it has not.
sub to_end
{
	my ($run, $console, $begin, $last) = @_;
	my $o = $run->{o};

	return 'end of TAP' if defined $console->{bail} || ($run->{stays} && defined $console->{plan});
	my $broken = $run->{engine}{broken}->($run);
	return $broken if defined $broken;
	return sprintf 'silent for %g s', $o->{silence}
		if defined $console->case_under_way && time - $last >= $o->{silence} && !defined $o->{gdb};
	return undef if time - $begin < $o->{timeout};
	$run->{out_of_time} = 1;
	return sprintf 'timeout: still running after %g s, %.0f s after its last output', $o->{timeout}, time - $last;
}

# Follows the console until the machine is gone. Why we ended it ourselves, if we did, is in $run->{ended}. A machine
# that gives up may stay on: the kernel may not have got to know of exit=debug.
sub watch
{
	my ($run, $console) = @_;
	my $begin = time;
	my $last = $begin;

	while ($child) {
		if (waitpid($child, WNOHANG) == $child) {
			($run->{status}, $child) = ($?, undef);
			last;
		}
		$last = time if $console->follow;
		$run->{ended} = to_end($run, $console, $begin, $last);
		if (defined $run->{ended}) {
			sleep 0.3 if $run->{ended} eq 'end of TAP';    # for what the kernel says after it
			stop();
		} else {
			sleep 0.02;
		}
	}
	$console->follow;
	$console->flush;
}

sub boot_once
{
	my ($run, $console) = @_;

	start($run, $run->{engine}{command}->($run));
	watch($run, $console);
	my @problems = ending($run, $console);
	push @problems, $console->problems unless $console->{bytes} == 0;
	return @problems;
}

sub boot
{
	my ($engine, $o, $print, $defects) = @_;
	my $run = prepare($engine, $o);
	my $console = Engine::Console->new("$run->{dir}/console.log", $print, $defects);
	my @problems = boot_once($run, $console);

	while (@problems && !$run->{out_of_time} && defined(my $case = $console->case_under_way)) {
		my $why_not = hopeless($console, $case);
		if ($why_not) {
			push @problems, $why_not;
			last;
		}
		note_death($run, $console, $case, @problems);
		boot_again($run, $console, $case);
		@problems = boot_once($run, $console);
	}
	push @problems, images($run) unless @problems;
	return ($run, $console, @problems);
}

# --- the catalogue, after a case that the machine died in ---

# Why it makes no sense to boot the machine again, or ''. One that died where it did the last time did not take resume=.
sub hopeless
{
	my ($console, $case) = @_;
	my $before = $console->{died_in} // 0;

	$console->{died_in} = $case;
	return "in case $case again, which resume=$case should have passed over" if $case == $before;
	return "given up after $deaths_allowed restarts" if $console->{boots} > $deaths_allowed;
	return '';
}

sub note_death
{
	my ($run, $console, $case, @problems) = @_;
	my @how = grep { !/^(ended early|no plan|missing number)/ } @problems;

	@how = ('ended early') unless @how;
	return unless $console->{print};
	print "# engine: case $case ended the machine: ", join('; ', @how), "\n";
	print "# $run->{engine}{name}: $_\n" for emulator_said($run);
}

# The logs of the boot that died are kept, with its number at their ends.
sub boot_again
{
	my ($run, $console, $case) = @_;

	rename "$run->{dir}/$_", "$run->{dir}/$_.$console->{boots}" for @logs;
	delete @$run{qw(ended status)};
	$run->{options} =~ s{\b(selftest|resume)=\S+\s*}{}g;
	$run->{options} .= " selftest=no resume=$case";
	make_iso($run) if $run->{o}{boot} =~ /^iso/;
	$console->next_boot;
}

# --- the verdict ---

sub ending
{
	my ($run, $console) = @_;
	my $ended = $run->{ended} // $run->{engine}{left}->($run) // '';
	my @problems;

	push @problems, $ended unless $ended eq '' || $ended eq 'end of TAP';
	unshift @problems, 'silence: not one byte on COM1' if $console->{bytes} == 0;
	push @problems, 'ended early' if !@problems && !defined $console->{plan} && !defined $console->{bail};
	return @problems;
}

# What the emulator itself complained of, for a person to read. A line that it repeats is enough once.
sub emulator_said
{
	my ($run) = @_;
	my %seen;
	my @lines = read_file("$run->{dir}/emulator.err") =~ /^(.*\S)\s*$/mg;

	@lines = grep { !$seen{$_}++ && $_ !~ $run->{engine}{noise} } @lines;
	splice @lines, 20 if @lines > 20;
	return map { s/[^ -~]/ /gr } @lines;
}

sub read_file
{
	my ($name) = @_;
	open my $file, '<:raw', $name or return '';
	local $/;
	return scalar(<$file>) // '';
}

sub write_file
{
	my ($name, $text) = @_;
	open my $file, '>:raw', $name or trouble("$name: $!");
	print $file $text;
	close $file or trouble("$name: $!");
}

# Images from the debug port and from the serial log end up as DIR/NAME.img. What came both ways must be the same.
sub images
{
	my ($run) = @_;
	my $head_magic = qr/\x00\xd2\xa2\xc0\x0c\xed\xfe\x00/;
	my (@logs, @problems);

	push @logs, 'debug.raw' if read_file("$run->{dir}/debug.raw") =~ $head_magic;
	push @logs, 'console.log' if read_file("$run->{dir}/console.log") =~ /^-----BEGIN CR86 IMAGE/m;
	for my $log (@logs) {
		my $new = "$run->{dir}/images.new";
		make_path($new);
		push @problems, map { "images in $log: $_" }
			run_quietly("$root/build/cr86", 'extract', "$run->{dir}/$log", '-o', $new);
		for my $image (glob_in($new, '\.img$')) {
			my $kept = "$run->{dir}/" . basename($image);
			push @problems, basename($image) . ' differs between debug port and serial line'
				if -e $kept && read_file($kept) ne read_file($image);
			rename $image, $kept;
		}
		remove_tree($new);
	}
	return @problems;
}

# Runs a command; returns what it said if it failed.
sub run_quietly
{
	my (@command) = @_;
	my $pid = open(my $pipe, '-|') // return "fork: $!";

	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec @command or POSIX::_exit(print("$command[0]: $!\n") && 127);
	}
	my @said = map { s/\s+$//r } <$pipe>;
	close $pipe and return ();
	return join(' | ', @said) || "$command[0]: exit status " . ($? >> 8);
}

sub main
{
	my ($engine, @arguments) = @_;
	my $o = options($engine, @arguments);
	my $what = "$engine->{name} $o->{cpu}" . ($o->{accel} eq 'kvm' ? ' kvm' : '') . " $o->{boot}";

	$| = 1;
	installed($engine->{program})
		or trouble("$engine->{program} is not installed (Debian package $engine->{package})");
	check_model($engine, $o->{cpu});
	$engine->{probe}->($engine, $o) if $o->{accel} eq 'kvm';
	return 0 if $o->{check};

	my $defects = defects($engine, $o);

	print "TAP version 13\n";
	my ($run, $console, @problems) = boot($engine, $o, 1, $defects);
	my $number = $console->{count} + 1;
	if (!@problems) {
		$number = absent_defects($defects, $number);
	} else {
		print "# last line: $console->{last}\n" if length $console->{last};
		print "# $engine->{name}: $_\n" for emulator_said($run);
	}
	printf "%s %d - engine: %s: %s\n", @problems ? 'not ok' : 'ok', $number, $what,
		join('; ', @problems) || complete($console);
	print "1..$number\n";
	return @problems || $console->{failed} ? 1 : 0;
}

sub complete
{
	my ($console) = @_;
	my $restarts = $console->{boots} - 1;
	my $again = $restarts ? sprintf ', %d restart%s', $restarts, 's' x ($restarts > 1) : '';

	return "complete plan of $console->{count}$again";
}

# A known defect that none of its cases showed is one TODO test that passes, however many cases its globs match: whoever
# reads the summary sees that the entry is to be looked at. Returns the number of the next test.
sub absent_defects
{
	my ($defects, $number) = @_;

	for ($defects->absent) {
		my ($name, $cases) = @$_;
		printf "ok %d - engine: %s, and none showed known defect %s # TODO known defect: %s\n", $number++,
			$cases == 1 ? '1 case' : "$cases cases", $name, $name;
	}
	return $number;
}

1;
