@main
enum Notafter {
    static func main() {}
}
