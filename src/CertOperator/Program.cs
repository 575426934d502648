using System.CommandLine;
using CertOperator;
using CertOperator.Cli;

ParseResult command = Composition.Create().Parse(args);
int status = await command.InvokeAsync();
return command.Errors.Count > 0 ? ExitCodes.Failed : status;
