/* `console c PROGRAM ARGUMENTS` or `console b PROGRAM ARGUMENTS`: starts a program in a shared
 * console, reads a line, and then presses Ctrl-C or Ctrl-Break in that console. Exits with the
 * program's status. Rust has no safe call for this. */

#include <stdio.h>
#include <string.h>
#include <windows.h>

static BOOL WINAPI stay(DWORD event)
{
    return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

static PROCESS_INFORMATION child;

static int fail(const char *call)
{
    fprintf(stderr, "%s: error %lu\n", call, GetLastError());
    if (child.hProcess) {
        TerminateProcess(child.hProcess, 251);
    }
    return 250;
}

int main(int count, char **words)
{
    STARTUPINFOA startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES };
    DWORD status, event;
    char line[16];

    if (count < 3) {
        return fail("two arguments are required");
    }
    event = *words[1] == 'c' ? CTRL_C_EVENT : CTRL_BREAK_EVENT;
    startup.hStdInput = INVALID_HANDLE_VALUE;
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    FreeConsole();
    if (!AllocConsole()) {
        return fail("AllocConsole");
    }
    /* A null handler would be inherited by children. */
    if (!SetConsoleCtrlHandler(stay, TRUE)) {
        return fail("SetConsoleCtrlHandler");
    }
    if (!CreateProcessA(NULL, strstr(GetCommandLineA(), words[2]), NULL, NULL, TRUE, 0, NULL, NULL,
                        &startup, &child)) {
        return fail("CreateProcess");
    }
    if (!fgets(line, sizeof line, stdin)) {
        return fail("no input");
    }
    if (!GenerateConsoleCtrlEvent(event, 0)) {
        return fail("GenerateConsoleCtrlEvent");
    }
    if (WaitForSingleObject(child.hProcess, 30000) != WAIT_OBJECT_0) {
        return fail("the program did not exit");
    }
    if (!GetExitCodeProcess(child.hProcess, &status)) {
        return fail("GetExitCodeProcess");
    }
    return (int)status;
}
