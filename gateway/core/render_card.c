/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/render_card.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/render_sheet.h"

enum { TEXT_UNITS = 2900 };

static const struct sheet_card *find_in(const struct sheet_card *cards, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (sw_equal(cards[i].name, name))
            return &cards[i];
    return NULL;
}

static const struct sheet_card *find_card(const char *name)
{
    const struct sheet_card *card = find_in(SHEET_LIFE, SHEET_LIFE_COUNT, name);
    if (!card)
        card = find_in(SHEET_PARTS, SHEET_PARTS_COUNT, name);
    if (!card)
        card = find_in(SHEET_LISTS, SHEET_LISTS_COUNT, name);
    return card ? card : find_in(SHEET_NOTICES, SHEET_NOTICES_COUNT, name);
}

bool render_card_known(const char *name) { return find_card(name) != NULL; }

static void put_text(struct sheet *sheet, const char *preset)
{
    escape_put(&sheet->line, ESCAPE_SENTENCE, !sw_blank(sheet->text) ? sheet->text : preset, TEXT_UNITS);
    sheet_end(sheet);
}

json_t *render_card_new(const struct card *card)
{
    static const struct sheet_card UNKNOWN = { "", NULL, "Something happened in an incident." };
    struct sheet SHEET_AUTO sheet;
    const struct sheet_card *found = find_card(card->name);
    const char *preset = found ? found->preset : UNKNOWN.preset;
    sheet_init(&sheet, card);
    if (found)
        found->put(&sheet);
    sheet_break(&sheet);
    if (json_array_size(sheet.blocks.array) == 0) /* no such card, or nothing in it */
        put_text(&sheet, preset);
    return sheet_take(&sheet, preset);
}
