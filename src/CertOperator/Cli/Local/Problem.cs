namespace CertOperator.Cli.Local;

/// <summary>Something that a person should know about a file or an object.</summary>
/// <param name="Place"><c>file:line</c>, a file or a folder; empty if the object stands in no file.</param>
/// <param name="Object"><c>Kind namespace/name</c>; empty if it is about a whole file.</param>
/// <param name="Reason">CamelCase word for machines.</param>
/// <param name="Message">What is wrong and what to do next.</param>
/// <param name="Harmless">Whether everything can be well in spite of it.</param>
internal sealed record Problem(string Place, string Object, string Reason, string Message, bool Harmless = false)
{
    public override string ToString()
        => Printable.Line(string.Join(": ", ((string[])[Place, Object, Reason, Message]).Where(part => part.Length > 0)));
}
