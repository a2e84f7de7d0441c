/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86's version: in every banner, and in the HEAD record of every image that cr86 writes. */
#ifndef LIB_VERSION_H
#define LIB_VERSION_H

#define CR86_MAJOR   0
#define CR86_MINOR   1
#define CR86_PATCH   0
#define CR86_RELEASE "cr86 0.1.0"

#endif
