// SPDX-License-Identifier: MIT
//
// keytone_manual FOLDER VERSION DATE: writes keytone's manual pages and the shells' completions into a
// folder. The build runs it; it is not installed.
#include "tools/manual/completions.hpp"
#include "tools/manual/manual_files.hpp"
#include "tools/manual/manual_page.hpp"
#include "tools/manual/program_outline.hpp"
#include "tools/program.hpp"

#include <filesystem>
#include <vector>

namespace {

using namespace keytone::tools;

void write_all(const std::filesystem::path& folder, const manual::Edition& edition) {
    CLI::App program("", "keytone");
    ProgramOptions options;
    Console console;
    const std::vector<Command> commands = describe_program(program, options, console);
    const manual::ProgramOutline outline = manual::outline(program);

    manual::write_pages(folder, outline, edition);
    manual::write_text(folder / "keytone.bash", manual::bash_completion(outline));
    manual::write_text(folder / "_keytone", manual::zsh_completion(outline));
    manual::write_text(folder / "keytone.fish", manual::fish_completion(outline));
}

} // namespace

int main(int argc, char** argv) {
    return manual::run_manual_program(argc, argv, "keytone_manual", write_all);
}
