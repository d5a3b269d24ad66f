/*
 * document_rows.h - parts of the rows of documents; for *_fields.c alone.
 */
#ifndef VHPCSIM_DOCUMENT_ROWS_H
#define VHPCSIM_DOCUMENT_ROWS_H

#define TEXT(type, member)      .kind = FIELD_TEXT, .offset = offsetof(type, member)
#define CHOICE(type, member)    .kind = FIELD_CHOICE, .offset = offsetof(type, member)
#define COUNT(type, member)     .kind = FIELD_COUNT, .offset = offsetof(type, member)
#define QUANTITY(type, member)  .kind = FIELD_QUANTITY, .offset = offsetof(type, member)
#define PARAMETER(type, member) .kind = FIELD_PARAMETER, .offset = offsetof(type, member)
#define GROUP(type, member, table)                                                                 \
    .kind = FIELD_GROUP, .offset = offsetof(type, member), .fields = table
/* A time of each message, or of each byte of one; none by default. */
#define MESSAGE_TIME(type, name, member, text)                                                     \
    {                                                                                              \
        .key = name, PARAMETER(type, member), .dimension = DIMENSION_TIME,                         \
        .valid_dimension = DIMENSION_BYTES, FIELD_FROM_0, .fallback = "0 s", .help = text          \
    }
#define BYTE_TIME(type, name, member, text)                                                        \
    {                                                                                              \
        .key = name, PARAMETER(type, member), .dimension = DIMENSION_TIME_PER_BYTE,                \
        .valid_dimension = DIMENSION_BYTES, FIELD_FROM_0, .fallback = "0 s/B", .help = text        \
    }
/* A struct message_pieces, whose pieces have the keys of `table`; none by default. */
#define PIECES(type, member, table)                                                                \
    .kind = FIELD_PIECES, .offset = offsetof(type, member.items),                                  \
    .count_offset = offsetof(type, member.n), .max_items = MAX_MESSAGE_PIECES,                     \
    .item_size_B = sizeof(struct message_piece), .fields = table, .fallback = "[]"
/* Of a struct message_piece: where it begins, CPU times, what of the way. */
#define PIECE_FROM_ROW                                                                             \
    {                                                                                              \
        .key = "from", QUANTITY(struct message_piece, from_B), .dimension = DIMENSION_BYTES,       \
        FIELD_FROM_0,                                                                              \
        .help = "Smallest message of the piece, which ends where the next one begins; the first "  \
                "is from 0 B."                                                                     \
    }
#define PIECE_CPU_ROW(name, member, in, default_value, text)                                       \
    {                                                                                              \
        .key = name, PARAMETER(struct message_piece, member), .dimension = in,                     \
        .valid_dimension = DIMENSION_BYTES, FIELD_FROM_0, .fallback = default_value, .help = text  \
    }
#define PIECE_WAY_ROWS                                                                             \
    {.key = "latency",                                                                             \
     PARAMETER(struct message_piece, latency_s),                                                   \
     .dimension = DIMENSION_TIME,                                                                  \
     .valid_dimension = DIMENSION_BYTES,                                                           \
     FIELD_FROM_0,                                                                                 \
     .fallback = "0 s",                                                                            \
     .help = "Added to the path's latency; above the eager threshold with what the handshake "     \
             "takes."},                                                                            \
        {.key = "slowdown",                                                                        \
         PARAMETER(struct message_piece, slowdown),                                                \
         .valid_dimension = DIMENSION_BYTES,                                                       \
         .min = 1.0,                                                                               \
         .max = 1000.0,                                                                            \
         .fallback = "1",                                                                          \
         .help = "How many times longer than the path alone would take the bytes of a message "    \
                 "take; it holds links for as long."},                                             \
    {                                                                                              \
        .key = "spread", PARAMETER(struct message_piece, spread),                                  \
        .valid_dimension = DIMENSION_BYTES, .min = 0.0, .max = 10.0, .fallback = "0",              \
        .help = "Relative standard deviation of the time that a message is on its way, drawn for " \
                "each (lognormal, mean 1): jitter. Who waits for many messages waits for the "     \
                "slowest."                                                                         \
    }
/* Of a struct noise_profile. */
#define NOISE_ROWS                                                                                 \
    {.key = "rate",                                                                                \
     PARAMETER(struct noise_profile, rate_Hz),                                                     \
     .dimension = DIMENSION_FREQUENCY,                                                             \
     .min = 0.0,                                                                                   \
     .max = 1e6,                                                                                   \
     .fallback = "0 Hz",                                                                           \
     .help = "Detours in a second of computing on one core."},                                     \
        {.key = "length",                                                                          \
         PARAMETER(struct noise_profile, length_s),                                                \
         .dimension = DIMENSION_TIME,                                                              \
         .min = 0.0,                                                                               \
         .max = 100.0,                                                                             \
         .fallback = "0 s",                                                                        \
         .help = "Mean length of a detour. Rate x length is the part of a rank that computes "     \
                 "alone; ranks that wait for each other lose more, and most where detours are "    \
                 "few and long."},                                                                 \
    {                                                                                              \
        .key = "spread", PARAMETER(struct noise_profile, spread), .min = 0.0, .max = 10.0,         \
        .fallback = "1", .help = "Relative standard deviation of their lengths (lognormal)."       \
    }
/* Of a struct scheduler_profile. */
#define SCHEDULER_ROWS                                                                             \
    {.key = "slice",                                                                               \
     PARAMETER(struct scheduler_profile, slice_s),                                                 \
     .dimension = DIMENSION_TIME,                                                                  \
     FIELD_FROM_0,                                                                                 \
     .fallback = "6 ms",                                                                           \
     .help = "How long a turn lasts while others wait for theirs: 3 to 12 ms under Linux, 30 ms "  \
             "in Xen's credit scheduler; 0 s: messages are seen as if nobody had to wait."},       \
    {                                                                                              \
        .key = "boost", PARAMETER(struct scheduler_profile, boost), .min = 0.0, .max = 1.0,        \
        .fallback = "0.5",                                                                         \
        .help = "Part of wake-ups of blocked ranks that take a core from another at once; the "    \
                "others queue. Ranks that poll are never woken: they wait for their turn."         \
    }
#define END                                                                                        \
    {                                                                                              \
        .key = NULL                                                                                \
    }

#endif
