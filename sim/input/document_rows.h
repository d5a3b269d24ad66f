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
#define END                                                                                        \
    {                                                                                              \
        .key = NULL                                                                                \
    }

#endif
