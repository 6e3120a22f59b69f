#include <string.h>
#include <zlib.h>

/// Inflates a raw deflate stream that must fill `output` exactly; 0 where it does, else zlib's code or 1.
static inline int shim_inflate_raw(
    const unsigned char *input, unsigned inputCount, unsigned char *output, unsigned outputCount) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  int code = inflateInit2(&stream, -MAX_WBITS);
  if (code != Z_OK) return code;
  unsigned char extra;
  stream.next_in = (unsigned char *)input;
  stream.avail_in = inputCount;
  stream.next_out = outputCount > 0 ? output : &extra;
  stream.avail_out = outputCount;
  code = inflate(&stream, Z_FINISH);
  int whole = code == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  return whole ? 0 : (code < 0 ? code : 1);
}
