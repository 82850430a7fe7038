// SPDX-License-Identifier: MIT
//
// keytone_server_manual FOLDER VERSION DATE: writes the manual pages of keytone-server. The build runs it; it
// is not installed.
#include "server/program/server_program.hpp"
#include "tools/manual/manual_files.hpp"

namespace {

void write_all(const std::filesystem::path& folder, const keytone::tools::manual::Edition& edition) {
    CLI::App program("", "keytone-server");
    keytone::server::ServerProgramOptions options;
    keytone::server::describe_server_program(program, options);
    keytone::tools::manual::write_pages(folder, keytone::tools::manual::outline(program), edition);
}

} // namespace

int main(int argc, char** argv) {
    return keytone::tools::manual::run_manual_program(argc, argv, "keytone_server_manual", write_all);
}
