package protocol

// Classes lists the words of all classes by their number; that of ClassNone is empty.
func Classes() []string { return classNames[:] }
