// SPDX-License-Identifier: MIT
//
// Speaks a prompt.
#include <keytone/engine/io/flite_prompts.hpp>

#include <cstdio>

int main() {
    keytone::io::FlitePrompts prompts(".");
    std::puts(prompts.speak("Hello.", keytone::SampleRate::narrowband()) ? "spoken" : "silent");
}
