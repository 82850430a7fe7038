// SPDX-License-Identifier: MIT
//
// What the network said, as the call policy takes it.
#pragma once

#include "engine/call_event.hpp"
#include "server/media/stream_parameters.hpp"
#include "server/sip/media_description.hpp"
#include "server/sip/signalling.hpp"

#include <optional>

namespace keytone::server {

/// Which intent asked for leg b: what becomes of it is reported by the kind of fact that this intent expects.
enum class AskedBy { dial, sip_invite };

/// A fact of this kind without any details. `[any]`
Fact fact_of(Fact::Kind kind, Leg leg);
/// Why a leg ended that was refused with this final response: RFC 3261, 21. `[any]`
Fact::Reason reason_of(int status);
/// Of a provisional response; nothing where the policy need not know it. `[any]`
std::optional<Fact> fact_of(const Progress& progress, Leg leg, AskedBy asked);
/// `[any]`
Fact fact_of(const DialogEnded& end, Leg leg, AskedBy asked);
/// Of a NOTIFY. One that ends the subscription without a final status is a failure, 500. Nothing while the
/// far side only tries. `[any]`
std::optional<Fact> fact_of(const ReferProgress& progress);

/// How keys go out.
enum class KeysOut {
    automatic, ///< As telephone events where the far side takes them, else as tones.
    rfc4733,   ///< As telephone events, whatever the far side says.
    inband,    ///< As tones.
    info,      ///< By INFO, with silence in their place.
};

/// What a stream carries once `own` and `far` agreed; nothing where they did not. `[any]`
std::optional<StreamParameters> agreed(const MediaDescription& own, const MediaDescription& far,
                                       KeysOut keys = KeysOut::automatic);

} // namespace keytone::server
