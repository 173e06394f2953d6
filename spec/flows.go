package spec

// Flow is a list of steps with a name, to be called from steps and mixed in scenarios. Its inputs are names in its own
// steps alone; what it captures or sets is the iteration's, as if its steps stood in place of the call. Every name that it
// reads besides must be known where it is called. Flows can stand in files of their own, for plans to include.
type Flow struct {
	Pos Pos
	// What the flow does, in a sentence.
	Description Text `plan:"description"`
	// What the steps need to be told, by name. {} is an input of any type that must be given.
	Inputs Map[*Input] `plan:"inputs" example:"{ id: { type: int } }"`
	// What the flow does.
	Steps []Step `plan:"steps,required"`
}

// Input is one thing that a flow is told. It must be given unless it has a default.
type Input struct {
	Pos Pos
	// What values the input takes; number takes whole numbers and others, duration takes 2s or milliseconds.
	Type Word `plan:"type" enum:"any,string,int,number,bool,duration,list,map" default:"any" example:"int"`
	// Its value where a call gives none.
	Default Value `plan:"default" example:"1"`
	// What the input is for.
	Description Text `plan:"description"`
}

// Call runs the steps of a flow.
type Call struct {
	StepHead
	// The flow's name.
	Flow Text `plan:",verb" example:"login"`
	// Its inputs, by name.
	With Map[Value] `plan:"with" example:"{ user: anna }"`
}

// Share is one flow of a scenario's mix. Iteration n takes the flow that n comes to: over every full turn of the weights
// each flow has had exactly its share, and heavy and light ones are spread evenly. The flow is the tag flow of its samples.
type Share struct {
	Pos Pos
	// How many of the sum of all weights.
	Weight Int `plan:"weight,required" example:"70"`
	// The flow's name.
	Flow Text `plan:"flow,required" example:"browse"`
	// Its inputs, by name.
	With Map[Value] `plan:"with" example:"{ user: anna }"`
}

// Walk visits steps and all that is inside them, and the steps of the flows that they call, each flow once.
func (p *Plan) Walk(steps []Step, visit func(Step)) {
	called := map[string]bool{}
	var walk func(steps []Step)
	walk = func(steps []Step) {
		for _, s := range steps {
			visit(s)
			for _, inner := range s.Inner() {
				walk(inner)
			}
			call, ok := s.(*Call)
			if !ok || called[call.Flow.Value] {
				continue
			}
			called[call.Flow.Value] = true
			if f, _ := p.Flows.Get(call.Flow.Value); f != nil {
				walk(f.Steps)
			}
		}
	}
	walk(steps)
}
