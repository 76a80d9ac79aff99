package param

// watchRows are what a phone beside others knows of them.
var watchRows = []Param{
	{
		Name: "pickup_directed_code", Kind: URI, Max: 64, Since: ours,
		Help: "What is dialled ahead of a watched number that rings, to take its call; it is called itself if empty.",
	},
}

var watchLineRows = []Param{
	{
		Name: "speed_watch*", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether the speed dial on line key * shows what its number is doing, if the server tells.",
	},
}
