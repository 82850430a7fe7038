// SPDX-License-Identifier: MIT
//
// Looks for audio devices, whether there are any or not.
#include <keytone/engine/io/device/audio_stream.hpp>

#include <cstdio>

int main() {
    const auto system = keytone::io::AudioSystem::open();
    std::puts(system ? "looked" : "refused");
}
