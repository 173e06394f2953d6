package spec

// BuiltinMetric is a metric that every run measures.
type BuiltinMetric struct {
	Name string
	Type string // counter, gauge, rate, trend
	Unit string // ms, bytes, "" for a plain number
	Doc  string
}

// BuiltinMetrics lists the built-in metrics in the order of reports. The list is new at each call.
func BuiltinMetrics() []BuiltinMetric {
	return []BuiltinMetric{
		{"http_reqs", "counter", "", "requests: every hop, attempt and poll counts; as many as the servers read, and those that failed before: classes dns, dial, tls and local, a timeout while connecting, protocol for bytes on an idle connection, a reset that overtook the request, goaway and refused_stream"},
		{"http_req_failed", "rate", "", "request steps whose last response was unexpected or missing"},
		{"http_req_latency", "trend", "ms", "from when the request was due to its last byte: what a user felt; the headline. The first request of an arrival is due when its iteration is, so that think time before it counts"},
		{"http_req_duration", "trend", "ms", "sending + waiting + receiving; counts the requests of which a byte was sent"},
		{"http_req_blocked", "trend", "ms", "waiting for a connection, with DNS, connect and TLS"},
		{"http_req_dns", "trend", "ms", "resolving the host's name, where it happened"},
		{"http_req_connecting", "trend", "ms", "opening the TCP connection, where it happened"},
		{"http_req_tls_handshaking", "trend", "ms", "TLS handshake, where it happened"},
		{"http_req_sending", "trend", "ms", "writing the request"},
		{"http_req_waiting", "trend", "ms", "from the request's last byte to the response's first"},
		{"http_req_receiving", "trend", "ms", "reading the response"},
		{"request_errors", "counter", "", "requests that failed below HTTP, by the tag class: dns, dial, tls, timeout, reset, protocol, body_too_large, decode, redirect, interrupted, local (this host's fault) and, over HTTP/2, goaway and refused_stream (the target has not processed the request), stream_reset, and flow_control (the timeout passed while the target let nothing more be sent)"},
		{"data_sent", "counter", "bytes", "bytes written by requests"},
		{"data_received", "counter", "bytes", "bytes read by responses"},
		{"iterations", "counter", "", "iterations that ended"},
		{"iterations_failed", "rate", "", "iterations that failed, by the tag cause; in a mix, all of iterations also by flow"},
		{"iterations_interrupted", "counter", "", "iterations cut off by the end of the run or of a grace"},
		{"dropped_iterations", "counter", "", "iterations that were not started: no VU was free, or max_duration was over"},
		{"iteration_duration", "trend", "ms", "from the iteration's start to its end"},
		{"iteration_latency", "trend", "ms", "from when the iteration was due to its end, without think time"},
		{"start_lag", "trend", "ms", "the generator's own lateness"},
		{"vu_wait", "trend", "ms", "how long an arrival waited for a free VU"},
		{"vus", "gauge", "", "VUs that are active"},
		{"vus_max", "gauge", "", "VUs that exist"},
		{"checks", "rate", "", "checks that were true"},
		{"group_duration", "trend", "ms", "from a group's first step to its last"},
	}
}

func builtinMetricNames() []string {
	var names []string
	for _, m := range BuiltinMetrics() {
		names = append(names, m.Name)
	}
	return names
}
