using DeepFM.Cli;

Cultures.Prepare();
return await CommandLine.RunAsync(args);
