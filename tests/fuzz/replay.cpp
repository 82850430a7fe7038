// SPDX-License-Identifier: MIT
//
// Runs a fuzzer's function over the files of a folder, with any compiler and without the fuzzer: what failed
// once must not fail again.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: replay FOLDER\n", stderr);
        return 2;
    }
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
        std::ifstream stream(entry.path(), std::ios::binary);
        // Exactly as long as the file, so that a sanitizer detects a read beyond its end.
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
        std::printf("%s\n", entry.path().c_str()); // Before it runs: the last one named failed.
        std::fflush(stdout);
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
        ++count;
    }
    if (count == 0) {
        std::fprintf(stderr, "%s: holds no file to replay\n", argv[1]);
        return 1;
    }
    return 0;
}
