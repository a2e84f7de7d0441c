/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls as they should and as they should not be made: what Linux answers, cr86 answers. Standard input is a file;
 * standard output is none that can seek.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096
#define AREA	0x20000000u /* nothing is there, here or under Linux */
#define NOWHERE ((void *)0x30000000)
#define KERNEL	((void *)0xfffff000)

#define SAY(what, ...)		  say(what " " #__VA_ARGS__, syscall(__VA_ARGS__), 0)
#define SAY_FROM(base, what, ...) say(what " " #__VA_ARGS__, syscall(__VA_ARGS__), base)

/* A result, relative to `base` where that is not 0: addresses differ. */
static void say(const char *what, long result, unsigned long base)
{
	int error = errno;
	unsigned long value = (unsigned long)result - base;

	if (result == -1)
		printf("%s: %s\n", what, strerror(error));
	else if (base && value < 0x1000000)
		printf("%s: base + %lx\n", what, value);
	else
		printf("%s: %ld\n", what, base ? 0 : result);
}

#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW	(PROT_READ | PROT_WRITE)
#define AT(n)	(AREA + (n)*PAGE)

static long map(unsigned page, unsigned pages, int prot, int flags)
{
	return syscall(SYS_mmap2, AT(page), pages * PAGE, prot, flags, -1, 0);
}

static void unmap_all(void)
{
	syscall(SYS_munmap, AREA, 64 * PAGE);
}

/* Which pages of the area are there, can be read, can be written: asked of the kernel, which copies for us. */
static void show_area(const char *what)
{
	char text[33] = {0};
	int zero = open("/dev/null", O_RDWR);
	(void)zero;

	for (unsigned n = 0; n < 32; n++) {
		void *page = (void *)(uintptr_t)AT(n);
		struct timespec old;
		int readable =
			syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, page, NULL) == 0 || errno != EFAULT;
		int there = 0, writable = 0;

		if (readable) {
			memcpy(&old, page, sizeof(old));
			writable = syscall(SYS_clock_gettime, CLOCK_MONOTONIC, page) == 0;
			if (writable)
				memcpy(page, &old, sizeof(old));
		}
		if (!readable) { /* PROT_NONE or nothing */
			there = syscall(SYS_mmap2, AT(n), PAGE, PROT_NONE, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0) < 0;
			if (!there)
				syscall(SYS_munmap, AT(n), PAGE);
		}
		text[n] = writable ? 'w' : readable ? 'r' : there ? '-' : '.';
	}
	close(zero);
	printf("%-40s %s\n", what, text);
}

static void test_mmap(void)
{
	say("mmap fixed", map(0, 4, RW, PRIVATE | MAP_FIXED), AREA);
	say("mmap at a hint", map(8, 2, PROT_READ, PRIVATE), AREA);
	show_area("two mappings");
	say("mmap noreplace, in the way", map(3, 2, RW, PRIVATE | MAP_FIXED_NOREPLACE), AREA);
	say("mmap noreplace, free", map(4, 2, RW, PRIVATE | MAP_FIXED_NOREPLACE), AREA);
	show_area("noreplace");
	memset((void *)AT(1), 'x', 3 * PAGE);
	say("mmap over what is there", map(2, 1, RW, PRIVATE | MAP_FIXED), AREA);
	printf("new memory is %d, old is %d and %d\n", *(char *)AT(2), *(char *)AT(1), *(char *)AT(3));
	say("mmap, none", map(12, 2, PROT_NONE, PRIVATE | MAP_FIXED), AREA);
	say("mmap, to be written alone", map(15, 1, PROT_WRITE, PRIVATE | MAP_FIXED), AREA);
	say("mmap, shared", map(16, 1, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED), AREA);
	show_area("none, write, shared");
	SAY("no length:", SYS_mmap2, 0, 0, RW, PRIVATE, -1, 0);
	SAY("neither private nor shared:", SYS_mmap2, 0, PAGE, RW, MAP_ANONYMOUS, -1, 0);
	SAY("no such type:", SYS_mmap2, 0, PAGE, RW, MAP_ANONYMOUS | 0xf, -1, 0);
	SAY("fixed, not a page:", SYS_mmap2, AREA + 1, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0);
	SAY("fixed, in the kernel:", SYS_mmap2, KERNEL, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0);
	SAY("larger than memory:", SYS_mmap2, 0, 0xfffff000, RW, PRIVATE, -1, 0);
	SAY("a length that wraps:", SYS_mmap2, 0, 0xffffffff, RW, PRIVATE, -1, 0);
	SAY("of no file:", SYS_mmap2, 0, PAGE, RW, MAP_PRIVATE, 99, 0);
	unmap_all();
}

static void test_old_mmap(void)
{
	unsigned arguments[6] = {AT(1), PAGE, RW, PRIVATE | MAP_FIXED, -1, 0};

	say("the first mmap", syscall(SYS_mmap, arguments), AREA);
	arguments[5] = 5;
	SAY("an offset that is no page's:", SYS_mmap, arguments);
	SAY("no arguments:", SYS_mmap, NOWHERE);
	show_area("the first mmap");
	unmap_all();
}

static void test_munmap(void)
{
	map(0, 10, RW, PRIVATE | MAP_FIXED);
	memset((void *)AREA, 'a', 10 * PAGE);
	SAY("a hole:", SYS_munmap, AT(3), 2 * PAGE);
	show_area("a hole");
	SAY("over a hole:", SYS_munmap, AT(2), 5 * PAGE);
	show_area("a larger hole");
	SAY("nothing there:", SYS_munmap, AT(20), PAGE);
	SAY("half a page is one:", SYS_munmap, AT(9), 5);
	show_area("the end");
	SAY("not a page:", SYS_munmap, AREA + 1, PAGE);
	SAY("no length:", SYS_munmap, AREA, 0);
	SAY("up to the kernel:", SYS_munmap, AREA, 0xf0000000);
	map(3, 1, RW, PRIVATE | MAP_FIXED);
	printf("what comes back is %d\n", *(char *)AT(3));
	unmap_all();
}

static void test_mprotect(void)
{
	map(0, 8, RW, PRIVATE | MAP_FIXED);
	memset((void *)AREA, 'p', 8 * PAGE);
	SAY("read only:", SYS_mprotect, AT(2), 2 * PAGE, PROT_READ);
	SAY("nothing:", SYS_mprotect, AT(5), PAGE, PROT_NONE);
	show_area("protected");
	SAY("over all:", SYS_mprotect, AT(1), 5 * PAGE, RW);
	show_area("unprotected");
	printf("what was out of reach is %c\n", *(char *)AT(5));
	SAY("a hole:", SYS_munmap, AT(4), PAGE);
	SAY("up to a hole:", SYS_mprotect, AT(2), 6 * PAGE, PROT_READ);
	show_area("up to a hole");
	SAY("from a hole:", SYS_mprotect, AT(4), PAGE, PROT_READ);
	SAY("not a page:", SYS_mprotect, AREA + 1, PAGE, PROT_READ);
	SAY("no length:", SYS_mprotect, AREA, 0, PROT_READ);
	SAY("no such protection:", SYS_mprotect, AREA, PAGE, 0x100);
	SAY("a length that wraps:", SYS_mprotect, AREA, 0xfffff000, PROT_READ);
	unmap_all();
}

static void test_mremap(void)
{
	long at;

	map(0, 4, RW, PRIVATE | MAP_FIXED);
	for (int n = 0; n < 4; n++)
		*(char *)AT(n) = (char)('0' + n);
	SAY_FROM(AREA, "grows in place:", SYS_mremap, AREA, 4 * PAGE, 6 * PAGE, 0, 0);
	show_area("grown");
	SAY_FROM(AREA, "shrinks:", SYS_mremap, AREA, 6 * PAGE, 3 * PAGE, 0, 0);
	show_area("shrunk");
	map(3, 1, PROT_READ, PRIVATE | MAP_FIXED);
	SAY("no room:", SYS_mremap, AREA, 3 * PAGE, 5 * PAGE, 0, 0);
	at = syscall(SYS_mremap, AREA, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE, 0);
	printf("moves: %c%c%c%d\n", *(char *)at, *(char *)(at + PAGE), *(char *)(at + 2 * PAGE),
	       *(char *)(at + 4 * PAGE));
	show_area("moved away");
	SAY_FROM(AREA, "to a place:", SYS_mremap, at, 5 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, AT(10));
	show_area("two of five pages");
	printf("there are %c%c\n", *(char *)AT(10), *(char *)AT(11));
	SAY_FROM(AREA, "a page out of the middle:", SYS_mremap, AT(10), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		 AT(3));
	show_area("over what was there");
	printf("there is %c\n", *(char *)AT(3));
	SAY("overlaps:", SYS_mremap, AT(3), PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, AT(2));
	SAY("of nothing:", SYS_mremap, AT(20), PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0);
	SAY("of more than there is:", SYS_mremap, AT(3), 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, 0);
	SAY("to nothing:", SYS_mremap, AT(3), PAGE, 0, MREMAP_MAYMOVE, 0);
	SAY("of no length:", SYS_mremap, AT(3), 0, PAGE, MREMAP_MAYMOVE, 0);
	SAY("not a page:", SYS_mremap, AT(3) + 1, PAGE, PAGE, MREMAP_MAYMOVE, 0);
	SAY("fixed, but may not move:", SYS_mremap, AT(3), PAGE, PAGE, MREMAP_FIXED, AT(8));
	SAY("no such flag:", SYS_mremap, AT(3), PAGE, PAGE, 0x100, 0);
	SAY("to no page's address:", SYS_mremap, AT(3), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, AT(8) + 1);
	SAY("to the kernel:", SYS_mremap, AT(3), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, KERNEL);
	show_area("after all that");
	unmap_all();
}

static void test_madvise(void)
{
	map(0, 4, RW, PRIVATE | MAP_FIXED);
	memset((void *)AREA, 'm', 4 * PAGE);
	SAY("do not need:", SYS_madvise, AT(1), PAGE, MADV_DONTNEED);
	printf("%c %d %c\n", *(char *)AT(0), *(char *)AT(1), *(char *)AT(2));
	SAY("will need:", SYS_madvise, AT(2), PAGE, MADV_WILLNEED);
	printf("%c\n", *(char *)AT(2));
	SAY("do not need what is not there:", SYS_madvise, AT(3), 2 * PAGE, MADV_DONTNEED);
	printf("%d\n", *(char *)AT(3));
	SAY("not a page:", SYS_madvise, AREA + 1, PAGE, MADV_DONTNEED);
	SAY("no length:", SYS_madvise, AREA, 0, MADV_DONTNEED);
	SAY("a length that wraps:", SYS_madvise, AREA, 0xffffffff, MADV_DONTNEED);
	SAY("no such advice:", SYS_madvise, AREA, PAGE, 9999);
	unmap_all();
}

static void test_brk(void)
{
	long start = syscall(SYS_brk, 0);

	SAY_FROM(start, "up:", SYS_brk, start + 5 * PAGE + 10);
	memset((void *)start, 'b', 5 * PAGE + 10);
	SAY_FROM(start, "down:", SYS_brk, start + PAGE);
	SAY_FROM(start, "up again:", SYS_brk, start + 3 * PAGE);
	printf("below the lowest it is %c, above it %d\n", *(char *)(start + PAGE - 1), *(char *)(start + PAGE));
	SAY_FROM(start, "too high:", SYS_brk, KERNEL);
	SAY_FROM(start, "too low:", SYS_brk, PAGE);
	SAY_FROM(start, "back:", SYS_brk, start);
}

static void test_files(void)
{
	char text[64] = {0};
	struct iovec iov[3] = {{text, 5}, {text + 10, 5}, {text + 20, 40}};
	loff_t pos = 99;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	SAY("read:", SYS_read, 0, text, 10);
	printf("%.10s\n", text);
	SAY("where:", SYS_lseek, 0, 0, SEEK_CUR);
	SAY("to 3:", SYS_lseek, 0, 3, SEEK_SET);
	SAY("readv:", SYS_readv, 0, iov, 2);
	printf("%.5s|%.5s\n", text, text + 10);
	SAY("from the end:", SYS_lseek, 0, -4, SEEK_END);
	SAY("the rest:", SYS_read, 0, text, 10);
	SAY("and no more:", SYS_read, 0, text, 10);
	SAY("behind the end:", SYS_lseek, 0, 1000, SEEK_END);
	SAY("nothing there:", SYS_read, 0, text, 10);
	SAY("before the start:", SYS_lseek, 0, -1, SEEK_SET);
	SAY("from nowhere:", SYS_lseek, 0, 0, 9);
	SAY("llseek:", SYS__llseek, 0, 0, 7, &pos, SEEK_SET);
	printf("at %lld\n", (long long)pos);
	SAY("llseek to nowhere:", SYS__llseek, 0, 0, 7, NOWHERE, SEEK_SET);
	SAY("llseek below 0:", SYS__llseek, 0, -1, -1, &pos, SEEK_SET);
	SAY("output does not seek:", SYS_lseek, 1, 0, SEEK_SET);
	SAY("null does:", SYS_lseek, null, 5, SEEK_SET);
	SAY("null takes:", SYS_write, null, text, 10);
	SAY("null gives:", SYS_read, null, text, 10);
	SAY("read nothing:", SYS_read, 0, text, 0);
	SAY("read to nowhere:", SYS_read, 0, NOWHERE, 10);
	SAY("write from nowhere:", SYS_write, 1, NOWHERE, 10);
	SAY("write to input:", SYS_write, 0, text, 1);
	SAY("readv of nothing:", SYS_readv, 0, iov, 0);
	SAY("readv of too much:", SYS_readv, 0, iov, 1025);
	SAY("readv from nowhere:", SYS_readv, 0, NOWHERE, 1);
	SAY("writev to no file:", SYS_writev, 77, iov, 1);
	iov[1].iov_len = 0x80000000;
	SAY("writev of a negative length:", SYS_writev, null, iov + 1, 1);
	SAY("no file:", SYS_read, 77, text, 1);
	SAY("no file:", SYS_lseek, 77, 0, 0);
	SAY("ioctl:", SYS_ioctl, null, 0x5401, text);
	SAY("ioctl of no file:", SYS_ioctl, 77, 0x5401, text);
	SAY("close:", SYS_close, null);
	SAY("again:", SYS_close, null);
}

static void test_paths(void)
{
	char link[64] = {0};
	struct stat st;
	struct statx stx;

	SAY("open nothing:", SYS_open, "", O_RDONLY, 0);
	SAY("open what is not there:", SYS_open, "/no/such/file", O_RDONLY, 0);
	SAY("open nowhere:", SYS_open, NOWHERE, O_RDONLY, 0);
	SAY("openat:", SYS_openat, AT_FDCWD, "/no/such/file", O_RDONLY, 0);
	SAY("openat, from a file:", SYS_openat, 0, "file", O_RDONLY, 0);
	SAY("openat, from no file:", SYS_openat, 77, "file", O_RDONLY, 0);
	SAY("a file is no directory:", SYS_open, "/dev/null", O_RDONLY | O_DIRECTORY, 0);
	printf("fstat of input: %d\n", fstat(0, &st));
	printf("a file: %d, %lld bytes, blocks %d, %ld links\n", S_ISREG(st.st_mode), (long long)st.st_size,
	       st.st_blocks > 0, (long)st.st_nlink);
	printf("stat of null: %d", stat("/dev/null", &st));
	printf(", a device: %d, %lld bytes\n", S_ISCHR(st.st_mode), (long long)st.st_size);
	printf("fstat of no file: %d %s\n", fstat(77, &st), strerror(errno));
	printf("stat of what is not there: %d %s\n", stat("/no/such/file", &st), strerror(errno));
	SAY("fstat64:", SYS_fstat64, 77, &st);
	SAY("fstat64 to nowhere:", SYS_fstat64, 0, NOWHERE);
	SAY("statx:", SYS_statx, 0, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx);
	printf("%x %llu %o\n", stx.stx_mask & STATX_BASIC_STATS, (unsigned long long)stx.stx_size,
	       stx.stx_mode & S_IFMT);
	SAY("statx of an empty path:", SYS_statx, 0, "", 0, STATX_BASIC_STATS, &stx);
	SAY("statx, no such flag:", SYS_statx, 0, "", 0x80000, STATX_BASIC_STATS, &stx);
	SAY("statx, no such field:", SYS_statx, 0, "", AT_EMPTY_PATH, 0x80000000, &stx);
	SAY("statx to nowhere:", SYS_statx, 0, "", AT_EMPTY_PATH, STATX_BASIC_STATS, NOWHERE);
	printf("readlink: %d", (int)syscall(SYS_readlink, "/proc/self/exe", link, sizeof(link)) > 8);
	printf(" %s\n", strrchr(link, '/'));
	SAY("readlink, short:", SYS_readlink, "/proc/self/exe", link, 3);
	SAY("readlinkat:", SYS_readlinkat, 99, "/proc/self/exe", link, 3);
	SAY("readlink of no link:", SYS_readlink, "/dev/null", link, sizeof(link));
	SAY("readlink of nothing:", SYS_readlink, "/no/such/file", link, sizeof(link));
	SAY("readlink to nothing:", SYS_readlink, "/proc/self/exe", link, 0);
	SAY("readlink to nowhere:", SYS_readlink, "/proc/self/exe", NOWHERE, 5);
}

static void test_time(void)
{
	struct timespec before, after, bad = {0, 1000000000};
	struct tms tms;

	for (int clock = 0; clock <= 7; clock++)
		printf("clock %d: %d %d\n", clock, clock_gettime(clock, &before), clock_getres(clock, &after));
	SAY("no such clock:", SYS_clock_gettime, 99, &before);
	SAY("no such clock:", SYS_clock_gettime64, 99, &before);
	SAY("no such clock:", SYS_clock_getres, 99, &before);
	SAY("nowhere:", SYS_clock_gettime, 0, NOWHERE);
	SAY("nowhere:", SYS_gettimeofday, NOWHERE, NULL);
	SAY("nowhere:", SYS_time, NOWHERE);
	SAY("nowhere:", SYS_times, NOWHERE);
	SAY("gettimeofday, nothing:", SYS_gettimeofday, NULL, NULL);
	printf("times: %d\n", times(&tms) != -1);
	clock_gettime(CLOCK_MONOTONIC, &before);
	printf("nanosleep: %d\n", nanosleep(&(struct timespec){0, 30000000}, NULL));
	clock_gettime(CLOCK_MONOTONIC, &after);
	printf("30 ms or more: %d\n",
	       (after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec >= 30000000);
	after.tv_nsec = 0;
	printf("until a time that has passed: %d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &after, NULL));
	SAY("too many ns:", SYS_nanosleep, &bad, NULL);
	bad.tv_sec = -1;
	bad.tv_nsec = 0;
	SAY("less than nothing:", SYS_nanosleep, &bad, NULL);
	SAY("nowhere:", SYS_nanosleep, NOWHERE, NULL);
	SAY("no such clock:", SYS_clock_nanosleep, 99, 0, &bad, NULL);
	printf("time: %d\n", time(NULL) > 1500000000);
}

/* A handler has to return somewhere else than to its frame: not every stack can be executed. */
struct old_sigaction {
	unsigned handler, mask, flags, restorer;
};
#define SA_RESTORER 0x04000000
extern const char restorer[];
__asm__(".text\nrestorer: pop %eax\n\tmov $119, %eax\n\tint $0x80");

static int handlers;

static void on_signal(int signo)
{
	printf("[handler of %d]\n", signo);
	handlers++;
}

static void show_signals(const char *what)
{
	unsigned mask[2] = {0}, pending[2] = {0};

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, mask, 8);
	syscall(SYS_rt_sigpending, pending, 8);
	printf("%s: blocked %08x %08x, pending %08x %08x\n", what, mask[1], mask[0], pending[1], pending[0]);
}

static void test_old_signals(void)
{
	struct old_sigaction old = {0},
			     new = {(uintptr_t)on_signal, 1 << (SIGHUP - 1), SA_RESTORER, (uintptr_t)restorer};
	unsigned high[2] = {0, 2}, set = 1 << (SIGUSR2 - 1), found = 0;

	SAY("sigaction:", SYS_sigaction, SIGUSR1, &new, NULL);
	raise(SIGUSR1);
	SAY("and what it was:", SYS_sigaction, SIGUSR1, NULL, &old);
	printf("%d %d, mask %x, flags %x\n", old.handler == new.handler, old.restorer == new.restorer, old.mask,
	       old.flags);
	SAY("sigaction of none:", SYS_sigaction, 65, &new, NULL);
	SAY("sigaction of SIGKILL:", SYS_sigaction, SIGKILL, &new, NULL);
	SAY("sigaction from nowhere:", SYS_sigaction, SIGUSR1, NOWHERE, NULL);
	SAY("sigaction to nowhere:", SYS_sigaction, SIGUSR1, NULL, NOWHERE);
	printf("signal: %d\n", syscall(SYS_signal, SIGUSR2, on_signal) == 0);
	printf("signal, again: %d\n", syscall(SYS_signal, SIGUSR2, SIG_IGN) == (long)on_signal);
	SAY("of SIGSTOP:", SYS_signal, SIGSTOP, on_signal);
	syscall(SYS_sigaction, SIGUSR2, NULL, &old);
	printf("flags %x\n", old.flags);
	new.flags |= SA_RESETHAND;
	syscall(SYS_sigaction, SIGUSR2, &new, NULL);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, high, NULL, 8);
	SAY("sigprocmask, more:", SYS_sigprocmask, SIG_BLOCK, &set, &found);
	show_signals("more");
	raise(SIGUSR2);
	SAY("sigpending:", SYS_sigpending, &found);
	printf("%x\n", found);
	SAY("sigpending to nowhere:", SYS_sigpending, NOWHERE);
	found = 1 << (SIGKILL - 1) | 1 << (SIGUSR2 - 1) | 1;
	SAY("sigprocmask, others:", SYS_sigprocmask, SIG_SETMASK, &found, NULL);
	show_signals("others");
	SAY("sigprocmask, less:", SYS_sigprocmask, SIG_UNBLOCK, &set, &found);
	printf("it was %x\n", found);
	show_signals("less");
	SAY("sigprocmask, how:", SYS_sigprocmask, 7, &set, NULL);
	SAY("sigprocmask, how, but nothing:", SYS_sigprocmask, 7, NULL, NULL);
	SAY("sigprocmask from nowhere:", SYS_sigprocmask, SIG_BLOCK, NOWHERE, NULL);
	high[0] = high[1] = 0;
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, high, NULL, 8);
}

static void test_waiting(void)
{
	unsigned none[2] = {0}, usr1[2] = {1 << (SIGUSR1 - 1)}, both[2] = {1 << (SIGUSR1 - 1) | 1 << (SIGUSR2 - 1)};
	unsigned all[2] = {-1u, -1u};
	struct timespec no_time = {0}, some = {0, 20000000}, bad = {0, -1};
	siginfo_t info;

	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	handlers = 0;
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, both, NULL, 8);
	raise(SIGUSR2);
	raise(SIGUSR1);
	show_signals("both");
	SAY("rt_sigsuspend:", SYS_rt_sigsuspend, usr1, 8);
	printf("handlers: %d\n", handlers);
	show_signals("one is left");
	SAY("sigsuspend:", SYS_sigsuspend, 0, 0, 0);
	printf("handlers: %d\n", handlers);
	show_signals("none is left");
	SAY("rt_sigsuspend, size:", SYS_rt_sigsuspend, none, 4);
	SAY("rt_sigsuspend from nowhere:", SYS_rt_sigsuspend, NOWHERE, 8);
	raise(SIGUSR1);
	memset(&info, -1, sizeof(info));
	SAY("rt_sigtimedwait:", SYS_rt_sigtimedwait, both, &info, &no_time, 8);
	printf("%d %d %d %d %d\n", info.si_signo, info.si_errno, info.si_code, info.si_pid == getpid(), info.si_int);
	SAY("no more:", SYS_rt_sigtimedwait, both, &info, &no_time, 8);
	SAY("nor later:", SYS_rt_sigtimedwait, both, NULL, &some, 8);
	raise(SIGUSR2);
	SAY("rt_sigtimedwait_time64:", SYS_rt_sigtimedwait_time64, all, NULL, NULL, 8);
	SAY("size:", SYS_rt_sigtimedwait, both, &info, &no_time, 4);
	SAY("from nowhere:", SYS_rt_sigtimedwait, NOWHERE, &info, &no_time, 8);
	SAY("for a time from nowhere:", SYS_rt_sigtimedwait, both, &info, NOWHERE, 8);
	SAY("for no such time:", SYS_rt_sigtimedwait, both, &info, &bad, 8);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, 8);
	printf("handlers: %d\n", handlers);
}

static void test_process(void)
{
	struct utsname name;
	struct rlimit limit = {0};
	struct rlimit64 limit64;
	char bytes[16] = {0}, zeros[16] = {0};

	printf("%d %d\n", getpid() == syscall(SYS_gettid), syscall(SYS_set_tid_address, bytes) == getpid());
	SAY("set_robust_list:", SYS_set_robust_list, bytes, 12);
	SAY("set_robust_list:", SYS_set_robust_list, bytes, 13);
	printf("uname: %d %s %d\n", uname(&name), name.sysname, name.machine[0] != 0);
	SAY("uname to nowhere:", SYS_uname, NOWHERE);
	SAY("getrandom:", SYS_getrandom, bytes, 16, 0);
	printf("random: %d\n", memcmp(bytes, zeros, 16) != 0);
	SAY("getrandom, no such flag:", SYS_getrandom, bytes, 16, 8);
	SAY("getrandom, two ways:", SYS_getrandom, bytes, 16, 6);
	SAY("getrandom to nowhere:", SYS_getrandom, NOWHERE, 16, 0);
	SAY("getrandom of nothing:", SYS_getrandom, NOWHERE, 0, 0);
	printf("stack: %d %d\n", getrlimit(RLIMIT_STACK, &limit), (int)limit.rlim_cur >> 10);
	SAY("no such limit:", SYS_ugetrlimit, 16, &limit);
	SAY("nowhere:", SYS_ugetrlimit, 3, NOWHERE);
	SAY("prlimit64:", SYS_prlimit64, 0, RLIMIT_STACK, NULL, &limit64);
	printf("%llu\n", (unsigned long long)limit64.rlim_cur);
	SAY("no such limit:", SYS_prlimit64, 0, 16, NULL, &limit64);
	SAY("nobody's:", SYS_prlimit64, 999999, RLIMIT_STACK, NULL, &limit64);
	limit64 = (struct rlimit64){5, 4};
	SAY("the soft limit above the hard one:", SYS_prlimit64, 0, RLIMIT_STACK, &limit64, NULL);
	SAY("sched_yield:", SYS_sched_yield);
	SAY("no such call:", 222);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {{"mmap", test_mmap},	  {"old mmap", test_old_mmap}, {"munmap", test_munmap},
		     {"mprotect", test_mprotect}, {"mremap", test_mremap},     {"madvise", test_madvise},
		     {"brk", test_brk},		  {"files", test_files},       {"paths", test_paths},
		     {"time", test_time},	  {"process", test_process},   {"old signals", test_old_signals},
		     {"waiting", test_waiting}};

	setvbuf(stdout, NULL, _IOFBF, 1 << 16); /* the heap stays as it is */
	for (unsigned n = 0; n < sizeof(tests) / sizeof(tests[0]); n++) {
		printf("--- %s\n", tests[n].name);
		tests[n].run();
	}
	return 0;
}
