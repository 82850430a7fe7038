// SPDX-License-Identifier: MIT
#pragma once

namespace keytone::test {

/// Live calls over sockets and relays that lose, delay, reorder and double packets, all at once and in real
/// time. Each presses 29 keys in a round of 10 s: fails the running test unless every key is heard once.
void hear_every_key_once(int rounds);

} // namespace keytone::test
