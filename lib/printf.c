/* SPDX-License-Identifier: GPL-2.0-only */
#include "printf.h"
#include "string.h"

/* Where the text goes. `length` goes on counting when the buffer is full: it is what the caller learns. */
struct output {
	char *buf;
	size_t size;
	size_t length;
};

/* One conversion: what stands between % and its letter. */
struct spec {
	bool left; /* - */
	bool zero; /* 0 */
	int width;
	int precision; /* -1: none */
	enum { MODIFIER_NONE, MODIFIER_L, MODIFIER_LL, MODIFIER_Z } modifier;
};

static void put(struct output *out, char c)
{
	if (out->length < out->size)
		out->buf[out->length] = c;
	out->length++;
}

static void put_many(struct output *out, char c, int count)
{
	while (count-- > 0)
		put(out, c);
}

/* `sign` and `digits` in the field that the spec asks for. Zeros go between the two, blanks around both. */
static void put_field(struct output *out, const struct spec *spec, const char *sign, const char *digits, size_t length)
{
	int padding = spec->width - (int)(strlen(sign) + length);
	bool zeros = spec->zero && !spec->left;

	if (!spec->left && !zeros)
		put_many(out, ' ', padding);
	while (*sign)
		put(out, *sign++);
	if (zeros)
		put_many(out, '0', padding);
	while (length--)
		put(out, *digits++);
	if (spec->left)
		put_many(out, ' ', padding);
}

/*
 * Divides by a small base, 16 bits at a time as on paper, and returns the remainder. C's / on 64 bits would be a call
 * into libgcc, which a 32-bit kernel does not have.
 */
static u32 divide(u64 *value, u32 base)
{
	u64 quotient = 0;
	u32 remainder = 0;

	for (int shift = 48; shift >= 0; shift -= 16) {
		u32 part = remainder << 16 | (u32)(*value >> shift & 0xffff);

		quotient = quotient << 16 | part / base;
		remainder = part % base;
	}
	*value = quotient;
	return remainder;
}

static void put_number(struct output *out, const struct spec *spec, u64 value, u32 base, const char *digits,
		       const char *sign)
{
	char text[20]; /* 2^64 - 1 has 20 decimal digits */
	size_t at = sizeof(text);

	do
		text[--at] = digits[divide(&value, base)];
	while (value);
	put_field(out, spec, sign, text + at, sizeof(text) - at);
}

static u64 next_unsigned(const struct spec *spec, va_list *args)
{
	switch (spec->modifier) {
	case MODIFIER_L:
		return va_arg(*args, unsigned long);
	case MODIFIER_LL:
		return va_arg(*args, unsigned long long);
	case MODIFIER_Z:
		return va_arg(*args, size_t);
	default:
		return va_arg(*args, unsigned int);
	}
}

static s64 next_signed(const struct spec *spec, va_list *args)
{
	switch (spec->modifier) {
	case MODIFIER_L:
		return va_arg(*args, long);
	case MODIFIER_LL:
		return va_arg(*args, long long);
	case MODIFIER_Z:
		return va_arg(*args, ptrdiff_t); /* the signed type of size_t's width */
	default:
		return va_arg(*args, int);
	}
}

static void put_signed(struct output *out, const struct spec *spec, s64 value)
{
	u64 magnitude = value < 0 ? -(u64)value : (u64)value;

	put_number(out, spec, magnitude, 10, "0123456789", value < 0 ? "-" : "");
}

/* With a precision the string need not end within it, so strlen must not look further. */
static void put_string(struct output *out, const struct spec *spec, const char *s)
{
	struct spec blanks = *spec;
	size_t length = 0;

	if (!s)
		s = "(null)";
	while ((spec->precision < 0 || length < (size_t)spec->precision) && s[length])
		length++;
	blanks.zero = false;
	put_field(out, &blanks, "", s, length);
}

static void put_char(struct output *out, const struct spec *spec, char c)
{
	struct spec blanks = *spec;

	blanks.zero = false;
	put_field(out, &blanks, "", &c, 1);
}

static int read_decimal(const char **format)
{
	int value = 0;

	while (**format >= '0' && **format <= '9')
		value = value * 10 + *(*format)++ - '0';
	return value;
}

static int read_count(const char **format, va_list *args)
{
	if (**format != '*')
		return read_decimal(format);
	++*format;
	return va_arg(*args, int);
}

static struct spec read_spec(const char **format, va_list *args)
{
	struct spec spec = {.precision = -1};

	for (;; ++*format) {
		if (**format == '-')
			spec.left = true;
		else if (**format == '0')
			spec.zero = true;
		else
			break;
	}
	spec.width = read_count(format, args);
	if (spec.width < 0) { /* from *: a flag and a width */
		spec.left = true;
		spec.width = -spec.width;
	}
	if (**format == '.') {
		++*format;
		spec.precision = read_count(format, args);
	}
	if (**format == 'z') {
		++*format;
		spec.modifier = MODIFIER_Z;
	}
	while (**format == 'l' && spec.modifier < MODIFIER_LL) {
		++*format;
		spec.modifier++;
	}
	return spec;
}

/* One conversion. Returns false where its letter is none of the subset. */
static bool convert(struct output *out, const struct spec *spec, char letter, va_list *args)
{
	switch (letter) {
	case 'd':
		put_signed(out, spec, next_signed(spec, args));
		return true;
	case 'u':
		put_number(out, spec, next_unsigned(spec, args), 10, "0123456789", "");
		return true;
	case 'x':
		put_number(out, spec, next_unsigned(spec, args), 16, "0123456789abcdef", "");
		return true;
	case 'X':
		put_number(out, spec, next_unsigned(spec, args), 16, "0123456789ABCDEF", "");
		return true;
	case 'p':
		put_number(out, spec, (uintptr_t)va_arg(*args, void *), 16, "0123456789abcdef", "0x");
		return true;
	case 's':
		put_string(out, spec, va_arg(*args, const char *));
		return true;
	case 'c':
		put_char(out, spec, (char)va_arg(*args, int));
		return true;
	case '%':
		put(out, '%');
		return true;
	default:
		return false;
	}
}

/* Writes all of the format out. `args` is a copy of the caller's: only so can its address be taken on every ABI. */
static void put_format(struct output *out, const char *format, va_list *args)
{
	while (*format) {
		const char *start = format;
		struct spec spec;

		if (*format++ != '%') {
			put(out, *start);
			continue;
		}
		spec = read_spec(&format, args);
		if (*format && convert(out, &spec, *format, args)) {
			format++;
			continue;
		}
		while (start < format)
			put(out, *start++);
	}
}

int lib_vsnprintf(char *buf, size_t size, const char *format, va_list args)
{
	struct output out = {buf, size, 0};
	va_list copy;

	va_copy(copy, args);
	put_format(&out, format, &copy);
	va_end(copy);
	if (size)
		buf[out.length < size ? out.length : size - 1] = '\0';
	return (int)out.length;
}

int lib_snprintf(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = lib_vsnprintf(buf, size, format, args);
	va_end(args);
	return length;
}
