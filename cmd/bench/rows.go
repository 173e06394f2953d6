package main

// row is one measurement: a section of the report.
type row struct {
	name    string
	measure func(*bench) section
}

// rows is the index: a new one is its own file, or another entry of costs, and one line here.
var rows = []row{
	{"plain", plainGet.measure},
	{"checks", checkedGet.measure},
	{"tls", overTLS.measure},
	{"http2", overHTTP2.measure},
	{"signed", signedPost.measure},
	{"allocations", allocations},
	{"connected", connected.measure},
	{"thinking", thinking.measure},
	{"open", openModel},
	{"beside", besideBusy},
	{"start", firstRequest},
	{"validate", validate},
	{"growth", growth}, // the last: ten minutes at full rate change what a shared machine gives to what comes after
}

func names() []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.name)
	}
	return all
}
