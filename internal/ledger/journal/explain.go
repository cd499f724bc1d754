package journal

func Say(text string, args ...any) *Error { return &Error{Text: text, Args: args} }
