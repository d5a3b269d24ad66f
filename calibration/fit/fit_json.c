/*
 * fit_json.c - a fit as JSON.
 */
#include "fit_print.h"

#include "sim/input/scenario_json.h"
#include "sim/result/result_json.h"

#include <errno.h>
#include <math.h>

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *points_json(const struct held_out_row *row)
{
    json_t *points = json_array();
    for (int i = 0; i < row->n; i++)
        json_array_append_new(points, json_pack("{s:f, s:f, s:f}", "size_B", row->points[i].size_B,
                                                "measured_s", row->points[i].measured_s,
                                                "predicted_s", row->points[i].predicted_s));
    return points;
}

static json_t *held_out_json(const struct held_out_row *row)
{
    json_t *object = json_pack("{s:s, s:i, s:f, s:f, s:b}", "what", row->what, "n", row->n,
                               "error_p50", row->p50, "error_p95", row->p95, "is_off", row->is_off);
    json_object_set_new(object, "noise_floor", number_or_null(row->floor));
    json_object_set_new(object, "limit_p50", number_or_null(row->limit_p50));
    json_object_set_new(object, "limit_p95", number_or_null(row->limit_p95));
    if (row->points)
        json_object_set_new(object, "points", points_json(row));
    return object;
}

static json_t *held_outs_json(const struct held_outs *rows)
{
    json_t *array = json_array();
    for (int i = 0; i < rows->n; i++)
        json_array_append_new(array, held_out_json(&rows->rows[i]));
    return array;
}

static json_t *notes_json(const struct fitted *fitted)
{
    static const char *const kinds[] = {
        [NOTE_MISSING] = "missing", [NOTE_WARNING] = "warning", [NOTE_FACT] = "fact"};
    json_t *array = json_array();
    for (const struct note *note = fitted->notes; note; note = note->next)
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:s}", "kind", kinds[note->kind], "profile",
                                        fit_part_names[note->part], "text", note->text));
    return array;
}

static json_t *profiles_json(const struct profile_set *set)
{
    json_t *object = json_object();
    for (int part = 0; part < N_FIT_PARTS; part++)
        if (set->profiles[part])
            json_object_set_new(
                object, fit_part_names[part],
                field_json(set->profiles[part]->kind->fields, set->profiles[part]->values));
    return object;
}

int fit_json_print(const struct fit_document *document, FILE *out)
{
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:o}", "schema", FIT_SCHEMA, "profiles",
                  profiles_json(&document->profiles), "held_out",
                  held_outs_json(&document->held_outs), "notes", notes_json(&document->fitted));
    return result_json_print(json, out);
}
