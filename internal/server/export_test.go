package server

import "github.com/gin-gonic/gin"

// Routes are all there are, as method and path, for the tests that try every one.
func Routes() [][2]string {
	g := gin.New()
	new(Server).routes(g)
	var list [][2]string
	for _, r := range g.Routes() {
		list = append(list, [2]string{r.Method, r.Path})
	}
	return list
}
