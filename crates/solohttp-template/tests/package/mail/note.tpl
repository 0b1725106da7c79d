<extend>page <?title?>Note <?body?> {text}</extend>
