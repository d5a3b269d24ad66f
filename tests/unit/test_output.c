/* Files as a whole or not at all, and the line that tells how far a run is. */
#include "sim/result/output.h"
#include "sim/result/progress.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char room[] = "/tmp/test_output_XXXXXX";

static int enter_room(void **state)
{
    (void)state;
    return mkdtemp(room) == NULL || chdir(room) != 0;
}

static int count_files(void)
{
    int n = 0;
    DIR *folder = opendir(".");
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        n += entry->d_name[0] != '.';
    closedir(folder);
    return n;
}

static int leave_room(void **state)
{
    (void)state;
    unlink("result");
    return chdir("/") != 0 || rmdir(room) != 0;
}

static void assert_content(const char *path, const char *expected)
{
    char text[64] = "";
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(text, expected);
}

static void a_file_is_replaced_as_a_whole_and_nothing_else_stays(void **state)
{
    (void)state;
    assert_int_equal(output_check("result"), 0);
    assert_int_equal(output_write("result", "a longer first text", 19), 0);
    assert_content("result", "a longer first text");
    assert_int_equal(output_write("result", "second", 6), 0);
    assert_content("result", "second");
    assert_int_equal(count_files(), 1);
}

static void a_result_is_as_public_as_the_user_s_other_files(void **state)
{
    (void)state;
    struct stat status;
    const mode_t mask = umask(027);
    assert_int_equal(output_write("result", "x", 1), 0);
    umask(mask);
    assert_int_equal(stat("result", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void what_cannot_be_written_is_told_before_and_after(void **state)
{
    (void)state;
    assert_int_equal(output_check("nowhere/result"), -ENOENT);
    assert_int_equal(output_write("nowhere/result", "x", 1), -ENOENT);
    assert_int_equal(output_check("."), -EISDIR);
    assert_int_equal(output_check("/dev/null"), 0);
}

static void a_device_is_written_to_and_stays_one(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(output_write("/dev/null", "x", 1), 0);
    assert_int_equal(output_write("/dev/full", "x", 1), -ENOSPC);
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void progress_says_how_far_and_how_long_still(void **state)
{
    (void)state;
    char text[80];
    progress_text(text, sizeof text, "", 0, 21, 3.0);
    assert_string_equal(text, "0 of 21 simulations");
    /* 7 took 17 s, so the other 14 take 34 s. */
    progress_text(text, sizeof text, "run 3 of 8, kvm: ", 7, 21, 17.0);
    assert_string_equal(text, "run 3 of 8, kvm: 7 of 21 simulations, about 34 s left");
    /* 3 more like the 1 that took 200 s: 600 s. */
    progress_text(text, sizeof text, "", 1, 4, 200.0);
    assert_string_equal(text, "1 of 4 simulations, about 10 min left");
    /* 9 x 4000 s = 10 h */
    progress_text(text, sizeof text, "", 1, 10, 4000.0);
    assert_string_equal(text, "1 of 10 simulations, about 10 h left");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_as_a_whole_and_nothing_else_stays),
        cmocka_unit_test(a_result_is_as_public_as_the_user_s_other_files),
        cmocka_unit_test(what_cannot_be_written_is_told_before_and_after),
        cmocka_unit_test(a_device_is_written_to_and_stays_one),
        cmocka_unit_test(progress_says_how_far_and_how_long_still),
    };
    return cmocka_run_group_tests(tests, enter_room, leave_room);
}
