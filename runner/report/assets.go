package report

import "embed"

// Assets is what pages with charts are made of: uPlot 1.6.32 (https://github.com/leeoniya/uPlot, MIT, its licence beside
// it) as assets/uPlot.iife.min.js and assets/uPlot.min.css.
//
//go:embed assets
var Assets embed.FS
