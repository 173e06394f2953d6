package main

const startsApart = "User and system time of the client's process, without what its start costs (measured by a run of 64 iterations), divided by its requests."

var plainGet = &cost{
	title:      "One GET of a small JSON, 64 connections, no checks",
	how:        startsApart,
	contenders: []contender{ours("plain.yaml", plainURL), wrk(plainURL), hey(plainURL), k6("plain.js", plainURL)},
	targets: []ratio{
		{over: "runner", under: "wrk", limit: 1.05},
		{over: "k6", under: "runner", least: true, limit: 9},
		{over: "hey", under: "runner", least: true, limit: 3},
	},
}

var checkedGet = &cost{
	title:      "GET with a status check, a JSON check and a capture that the next request uses",
	how:        startsApart + " runner and k6 do the same; wrk only GETs.",
	contenders: []contender{ours("checks.yaml", plainURL), named("wrk, plain GET", wrk(plainURL)), k6("checks.js", plainURL)},
	targets: []ratio{
		{over: "runner", under: "wrk", limit: 1.25},
		{over: "k6", under: "runner", least: true, limit: 11},
	},
}

var overTLS = &cost{
	title:      "The plain GET over HTTPS: TLS 1.3, keep-alive",
	how:        startsApart,
	contenders: []contender{ours("plain.yaml", tlsURL), wrk(tlsURL), k6("plain.js", tlsURL)},
	targets: []ratio{
		{over: "runner", under: "wrk", limit: 1.25},
		{over: "k6", under: "runner", least: true, limit: 4},
	},
}

var overHTTP2 = &cost{
	title:      "The plain GET over HTTP/2, multiplexed",
	how:        startsApart + " runner and h2load share 4 connections among 64 streams; k6 opens one for each of 64 VUs.",
	contenders: []contender{ours("http2.yaml", http2URL), h2load(http2URL), k6("plain.js", http2URL)},
	targets: []ratio{
		{over: "runner", under: "h2load", limit: 2},
		{over: "k6", under: "runner", least: true, limit: 4},
	},
}

var signedPost = &cost{
	title:      "POST of a generated 1 KiB JSON with an HMAC signature",
	how:        startsApart + " Both make ids, numbers and texts anew for each request, sign the body with HMAC-SHA256 and check the status.",
	contenders: []contender{ours("signed.yaml", plainURL), k6("signed.js", plainURL)},
	targets:    []ratio{{over: "k6", under: "runner", least: true, limit: 5}},
}

func named(who string, c contender) contender {
	c.who = who
	return c
}
