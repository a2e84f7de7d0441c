/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Linux error numbers that cr86 returns, with Linux's values: a system call returns one negated, as does every
 * function of lib/ that can fail. Spelled as in Linux's own header, so that a host file may include both.
 */
#ifndef LIB_ERRNO_H
#define LIB_ERRNO_H

#define EPERM	     1
#define ENOENT	     2
#define ESRCH	     3
#define EINTR	     4
#define EIO	     5
#define ENOEXEC	     8
#define EBADF	     9
#define EAGAIN	     11
#define ENOMEM	     12
#define EFAULT	     14
#define EBUSY	     16
#define EEXIST	     17
#define ENODEV	     19
#define ENOTDIR	     20
#define EINVAL	     22
#define EMFILE	     24
#define ENOTTY	     25
#define ENOSPC	     28
#define ESPIPE	     29
#define EROFS	     30
#define EPIPE	     32
#define ENAMETOOLONG 36
#define ENOSYS	     38
#define EOVERFLOW    75
#define EOPNOTSUPP   95

#endif
