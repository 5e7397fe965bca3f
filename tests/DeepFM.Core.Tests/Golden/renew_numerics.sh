#!/usr/bin/env bash
# Writes numerics.txt anew, at every register width that a processor with AVX-512 can take: after a change that was meant to give trainings other bits,
# once Arithmetic.CurrentVersion is raised. It says nothing of whether the new bits are right; the other tests do.
set -euo pipefail
cd "$(dirname "$0")/../../.."
dotnet build tests/DeepFM.Core.Tests -c Release -v q
run() {
  env "$@" DEEPFM_RENEW_NUMERICS="$PWD/tests/DeepFM.Core.Tests/Golden/numerics.txt" \
    dotnet test --project tests/DeepFM.Core.Tests -c Release --no-build --filter-class '*.NumericsVersionTests'
}
for width in 512 256 128; do run DEEPFM_SIMD=$width; done
for width in 256 128; do run DEEPFM_SIMD=$width DOTNET_EnableAVX512=0; done
run DOTNET_EnableAVX512=0 DOTNET_EnableAVX2=0
run DOTNET_EnableHWIntrinsic=0
