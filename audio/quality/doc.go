// Package quality scores voice in tests: how much of what went in came out. No
// part of the program uses it.
//
//	clean, degraded, lag := quality.Align(in, out, rate/2)
//	score := quality.STOI(clean, degraded, rate)          // 1 is intelligible, 0 noise
//	snr := quality.SegmentalSNR(clean, degraded, rate)    // dB
//	lsd := quality.SpectralDistance(clean, degraded, rate) // dB, 0 is the same
//	gap := quality.LongestGap(clean, degraded, rate)
//
// Samples are full scale ±1. Where the delay changes on the way, as behind a
// playout buffer, [Follow] takes the place of [Align].
//
// Methods: short-time objective intelligibility after Taal, Hendriks, Heusdens
// and Jensen, "An Algorithm for Intelligibility Prediction of Time-Frequency
// Weighted Noisy Speech", IEEE TASLP 19(7), 2011; segmental signal-to-noise
// ratio with the customary limits of -10 and 35 dB per frame; log-spectral
// distance of power spectra over 32 ms.
package quality
